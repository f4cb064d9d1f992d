/** What one look at an installation found. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly told: string;
  readonly cause?: string;
  readonly mend?: string;
}

type More = Pick<Finding, 'cause' | 'mend'>;

export const fine = (check: string, told: string): Finding => ({ check, state: 'ok', told });
export const skipped = (check: string, told: string): Finding => ({ check, state: 'skipped', told });
export const warning = (check: string, told: string, more: More): Finding => ({
  check,
  state: 'warning',
  told,
  ...more,
});
export const wrong = (check: string, told: string, more: More): Finding => ({ check, state: 'problem', told, ...more });

/** A finding as people read it: what is fine in one line, everything else with its cause and what to do. */
export const linesOf = ({ state, check, told, cause, mend }: Finding): string[] => [
  `${state.padEnd(7)}  ${check}: ${told}`,
  ...(cause === undefined ? [] : [`         cause: ${cause}`]),
  ...(mend === undefined ? [] : [`         mend:  ${mend}`]),
];
