import { Center, Loader } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { Outlet, useParams } from 'react-router';
import { Administrator } from './administrator.js';
import { beginSignIn, SignedIn } from './sign-in.js';

/** Everything of a tenant: whoever is not signed in there is sent to sign in first, and comes back to where they were. */
export const SignedInOnly = () => {
  const { tenant = '' } = useParams();
  const signedIn = useMemo(() => SignedIn.of(tenant), [tenant]);
  useEffect(() => {
    if (!signedIn) void beginSignIn(tenant, location.pathname.replace(/^\/control/, ''));
  }, [signedIn, tenant]);
  if (signedIn)
    return (
      <Administrator signedIn={signedIn} key={tenant}>
        <Outlet />
      </Administrator>
    );
  return (
    <Center mih="60vh">
      <Loader aria-label="You are sent to sign in" />
    </Center>
  );
};
