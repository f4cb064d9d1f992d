import { useMutation } from '@tanstack/react-query';

export interface Doing<Input> {
  readonly run: (input: Input) => void;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly forget: () => void;
}

/** Something that a button does; its problem stays until it is tried again. */
export const useDoing = <Input, Output>(
  work: (input: Input) => Promise<Output>,
  onDone?: (output: Output) => unknown,
): Doing<Input> => {
  const { mutate, isPending, error, reset } = useMutation({ mutationFn: work, onSuccess: onDone });
  return { run: (input) => mutate(input), isBusy: isPending, error, forget: reset };
};
