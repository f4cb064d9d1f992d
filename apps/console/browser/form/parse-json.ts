/** What a text says as JSON. */
export const parseJson = (text: string): { ok: true; value: unknown } | { ok: false; problem: string } => {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, problem: `This is no JSON: ${(error as Error).message}` };
  }
};
