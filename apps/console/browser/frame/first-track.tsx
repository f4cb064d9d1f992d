import { Navigate, useParams } from 'react-router';
import { ProblemAlert } from '../form/problem-alert.js';
import { pathOf } from '../api/control-api.js';
import { Waiting } from '../parts/listing.js';
import { useTracks } from './track-selector.js';

/** `/control/{tenant}`: goes on to the first track that may be seen. */
export const FirstTrack = () => {
  const { tenant = '' } = useParams();
  const tracks = useTracks();
  if (tracks.error)
    return (
      <main className="page">
        <ProblemAlert error={tracks.error} />
      </main>
    );
  const [first] = tracks.items;
  if (!first) return <Waiting />;
  return <Navigate to={`/${pathOf(tenant, first.name)}/parties/down`} replace />;
};
