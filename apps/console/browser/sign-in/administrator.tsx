import { mayDo, readRights, type RightArea, type RightVerb } from '@corsac/model';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { ControlApi } from '../api/control-api.js';
import type { Person } from './tokens.js';
import { beginSignIn, type SignedIn } from './sign-in.js';

/** Who works here, and by what. */
export interface Administration {
  readonly tenant: string;
  readonly api: ControlApi;
  readonly person: Person;
  readonly signOut: () => void;
}

const AdministrationContext = createContext<Administration | undefined>(undefined);

/** Hands the sign-in to everything inside. */
export const Administrator = ({ signedIn, children }: { signedIn: SignedIn; children: ReactNode }) => {
  const administration = useMemo<Administration>(() => {
    const { tenant, person } = signedIn;
    const here = (): string => location.pathname.replace(/^\/control/, '') + location.search;
    const api = new ControlApi(signedIn, () => void beginSignIn(tenant, here()));
    return { tenant, person, api, signOut: () => signedIn.signOut() };
  }, [signedIn]);
  return <AdministrationContext value={administration}>{children}</AdministrationContext>;
};

export const useAdministration = (): Administration => {
  const administration = use(AdministrationContext);
  if (!administration) throw new Error('nobody is signed in here');
  return administration;
};

/**
 * Whether the roles of the administrator let something be done: for buttons, so that nobody fills in a form in vain. The API
 * decides anew.
 */
export const useMay = (track: string): ((area: RightArea, verb: RightVerb) => boolean) => {
  const { tenant, person } = useAdministration();
  return useMemo(() => {
    const rights = readRights(person.roles);
    return (area, verb) => mayDo(rights, { tenant_is_master: tenant === 'master', area, verb, track });
  }, [tenant, person, track]);
};
