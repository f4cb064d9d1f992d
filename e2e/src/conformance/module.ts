import type { ModuleRun } from './module-run.js';

/** How the plan runs a module: the values of the suite's variants, and our client for them. */
export interface Variant {
  readonly client_id: string;
  readonly response_type: string;
  readonly response_mode: 'default' | 'form_post';
  readonly client_auth: 'client_secret_basic' | 'client_secret_post';
}

/** One test module of the suite: its name there, its rule in words, and what it does. */
export interface Module {
  readonly name: string;
  readonly rule: string;
  readonly run: (run: ModuleRun) => Promise<void>;
}

/** Names a module. The name and the rule stand here as text, so that the reference page can be held against them. */
export const moduleOf = (name: string, rule: string, run: Module['run']): Module => ({ name, rule, run });
