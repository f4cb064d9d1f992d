import '@mantine/core/styles.css';
import './app.css';
import { Alert, Anchor, createTheme, MantineProvider, Stack } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router';
import { asProblem } from './api/problem.js';
import { FirstTrack } from './frame/first-track.js';
import { Frame } from './frame/frame.js';
import { Waiting } from './parts/listing.js';
import { CallbackPage } from './sign-in/callback-page.js';
import { SignedInOnly } from './sign-in/signed-in-only.js';
import { TenantPage } from './sign-in/tenant-page.js';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What was refused is refused again; only what was away may be there the next time.
      retry: (count, error) => count < 2 && [0, 503].includes(asProblem(error).status),
    },
  },
});

/** Nobody needs more than these; sizes and colours are in app.css, as the policy forbids styles made by script. */
const theme = createTheme({ cursorType: 'pointer', defaultRadius: 'sm' });

/** A page that broke, or whose file a newer version has replaced. */
const Broken = () => (
  <Stack maw={480} mx="auto" p="md" mt="xl">
    <Alert color="red" role="alert" title="This page does not work">
      Load it again. If it stays so, look at the console of your browser.
    </Alert>
    <Anchor href="/control/">To the start</Anchor>
  </Stack>
);

const router = createBrowserRouter(
  [
    {
      errorElement: <Broken />,
      hydrateFallbackElement: <Waiting />,
      children: [
        { index: true, element: <TenantPage /> },
        { path: 'callback', element: <CallbackPage /> },
        {
          path: ':tenant',
          element: <SignedInOnly />,
          children: [
            { index: true, element: <FirstTrack /> },
            {
              path: ':track',
              element: <Frame />,
              children: [
                { index: true, element: <Navigate to="parties" replace /> },
                {
                  path: 'parties',
                  lazy: () => import('./parties/parties-page.js'),
                  children: [
                    { index: true, element: <Navigate to="down" replace /> },
                    { path: ':kind', lazy: () => import('./parties/party-list.js') },
                    { path: ':kind/new/:part', lazy: () => import('./parties/create-party.js') },
                    { path: ':kind/:name', lazy: () => import('./parties/party-page.js') },
                  ],
                },
                {
                  path: 'users',
                  lazy: () => import('./users/users-tab.js'),
                  children: [
                    { index: true, element: <Navigate to="users" replace /> },
                    { path: 'users', lazy: () => import('./users/user-list.js') },
                    { path: 'users/new', lazy: () => import('./users/user-page.js') },
                    { path: 'users/:name', lazy: () => import('./users/user-page.js') },
                    { path: 'external', lazy: () => import('./users/external-list.js') },
                    { path: 'external/new', lazy: () => import('./users/external-page.js') },
                    { path: 'external/:name', lazy: () => import('./users/external-page.js') },
                    { path: 'sessions', lazy: () => import('./users/session-list.js') },
                    { path: 'grants', lazy: () => import('./users/grant-list.js') },
                    { path: 'locks', lazy: () => import('./users/lock-list.js') },
                  ],
                },
                { path: 'keys', lazy: () => import('./keys/keys-page.js') },
                {
                  path: 'logs',
                  lazy: () => import('./logs/logs-tab.js'),
                  children: [
                    { index: true, element: <Navigate to="journeys" replace /> },
                    { path: 'journeys', lazy: () => import('./logs/journey-list.js') },
                    { path: 'journeys/:name', lazy: () => import('./logs/journey-page.js') },
                    { path: 'logouts', lazy: () => import('./logs/logout-list.js') },
                    { path: 'audit', lazy: () => import('./logs/audit-list.js') },
                  ],
                },
                { path: 'settings', lazy: () => import('./settings/settings-page.js') },
              ],
            },
          ],
        },
        { path: '*', element: <Broken /> },
      ],
    },
  ],
  { basename: '/control' },
);

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
