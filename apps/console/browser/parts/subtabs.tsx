import { NavLink } from 'react-router';

/** Views within a tab; `to` is relative to the tab. */
export const Subtabs = ({ label, views }: { label: string; views: readonly { to: string; title: string }[] }) => (
  <nav className="subtabs" aria-label={label}>
    {views.map(({ to, title }) => (
      <NavLink key={to} to={to}>
        {title}
      </NavLink>
    ))}
  </nav>
);
