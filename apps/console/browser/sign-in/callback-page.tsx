import { Alert, Anchor, Center, Loader, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { finishSignIn } from './sign-in.js';

/** A code is good once, and React shows a page twice while it is developed. */
let finishing: Promise<string> | undefined;

/** `/control/callback`: where a sign-in comes back to. */
export const CallbackPage = () => {
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const query = new URLSearchParams(location.search);
    // The code leaves the address bar and the history before anything else.
    history.replaceState(undefined, '', '/control/callback');
    finishing ??= finishSignIn(query);
    finishing
      .then((back) => navigate(back, { replace: true }))
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : 'The sign-in failed.'))
      .finally(() => (finishing = undefined));
  }, [navigate]);
  if (problem === undefined)
    return (
      <Center mih="60vh">
        <Loader aria-label="Signing in" />
      </Center>
    );
  return (
    <Stack component="main" maw={480} mx="auto" p="md" mt="xl">
      <Alert color="red" title="You are not signed in" role="alert">
        {problem}
      </Alert>
      <Anchor href="/control/">Begin again</Anchor>
    </Stack>
  );
};
