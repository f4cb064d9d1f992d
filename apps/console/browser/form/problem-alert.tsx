import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { asProblem, fieldSentence, type ApiProblem } from '../api/problem.js';
import { labelOf } from './schema.js';

interface ProblemAlertProps {
  readonly error: unknown;
  /** Reads the thing again, after somebody else has changed it. */
  readonly onReload?: () => void;
}

const headings: Readonly<Record<number, string>> = {
  403: 'You may not do this',
  412: 'Somebody has changed it meanwhile',
};

const messageOf = ({ status, title, detail, errors }: ApiProblem): string => {
  if (status === 412) return 'Nothing was saved. Reload to see it as it is now; what you have entered is lost then.';
  if (errors.length > 0) return title;
  return detail === undefined ? title : `${title} ${detail}`;
};

/** `redirect_uris[0]` is told as the label of its field with its place. */
const fieldLabel = (field: string): string => {
  const [, first = '', rest = ''] = /^([^.[]*)(.*)$/.exec(field) ?? [];
  return field === '' ? '' : `${labelOf(first)}${rest}: `;
};

/** Why something was not done. */
export const ProblemAlert = ({ error, onReload }: ProblemAlertProps) => {
  if (error === undefined || error === null) return null;
  const problem = asProblem(error);
  return (
    <Alert color="red" role="alert" title={headings[problem.status] ?? 'That did not work'}>
      <Stack gap="xs">
        <Text size="sm">{messageOf(problem)}</Text>
        {problem.errors.length > 0 && (
          <List size="sm">
            {problem.errors.map((each) => (
              <List.Item key={each.field + each.message}>
                {fieldLabel(each.field)}
                {fieldSentence(each)}
              </List.Item>
            ))}
          </List>
        )}
        {problem.status === 412 && onReload && (
          <Button size="xs" variant="default" w="fit-content" onClick={onReload}>
            Reload
          </Button>
        )}
      </Stack>
    </Alert>
  );
};
