import { Link } from '@tanstack/react-router';

export function Wordmark() {
  return (
    <Link to="/" className="wordmark">
      <i aria-hidden="true" />
      Darkroom
    </Link>
  );
}
