import { Button, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';

/** A tenant's name, spec 1. */
const name = /^[a-z0-9_-]{1,50}$/;

/** `/control/`: which tenant is administered. */
export const TenantPage = () => {
  const navigate = useNavigate();
  const [tenant, setTenant] = useState('');
  const [problem, setProblem] = useState<string>();
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = tenant.trim().toLowerCase();
    if (name.test(wanted)) void navigate(`/${wanted}`);
    else setProblem('A name has 1 to 50 of the characters a-z, 0-9, _ and -');
  };
  return (
    <Stack component="main" maw={420} mx="auto" px="md" mt="12vh">
      <Paper withBorder p="lg" radius="md" component="form" onSubmit={go}>
        <Stack>
          <div>
            <Title order={1} size="h3">
              Corsac Control
            </Title>
            <Text c="dimmed" size="sm">
              You sign in as an administrator of a tenant.
            </Text>
          </div>
          <TextInput
            label="Tenant"
            description="Its name, the first part of its addresses"
            autoFocus
            autoCapitalize="none"
            autoComplete="organization"
            value={tenant}
            error={problem}
            onChange={(event) => setTenant(event.currentTarget.value)}
          />
          <Button type="submit">Continue</Button>
        </Stack>
      </Paper>
    </Stack>
  );
};
