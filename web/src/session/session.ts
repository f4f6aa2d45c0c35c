import { forget, isStaying, keep, type Kept, onKeptElsewhere, readKept } from './kept';

export interface FreshTokens {
  id_token: string;
  expires_in: number;
}
export interface Tokens extends FreshTokens {
  refresh_token: string;
}
export type RefreshTokens = (refreshToken: string) => Promise<FreshTokens | 'ended'>;

/** How long before its expiry a token is renewed: a request that starts now must end before it expires. */
const EARLY_MS = 60_000;

/**
 * The signed-in user and their tokens. Tokens are renewed by the clock, before they expire: a browser cannot always
 * read the gateway's answer to an expired one.
 */
export class Session {
  private kept: Kept | undefined = readKept();
  private token: { value: string; goodUntil: number } | undefined;
  private renewing: Promise<string | undefined> | undefined;
  private readonly listeners = new Set<(isLost: boolean) => void>();

  constructor(
    private readonly refresh: RefreshTokens,
    private readonly now: () => number = () => performance.now(),
  ) {
    onKeptElsewhere(() => {
      const kept = readKept();
      if (kept?.refreshToken === this.kept?.refreshToken) return;
      this.kept = kept;
      this.token = undefined;
      this.changed(!kept);
    });
  }

  get isSignedIn(): boolean {
    return this.kept !== undefined;
  }

  get email(): string | undefined {
    return this.kept?.email;
  }

  get refreshToken(): string | undefined {
    return this.kept?.refreshToken;
  }

  begin(tokens: Tokens, email: string, stay: boolean): void {
    this.kept = { refreshToken: tokens.refresh_token, email };
    keep(this.kept, stay);
    this.take(tokens);
    this.changed();
  }

  /** Goes on with new tokens, stored where the old ones were. */
  replace(tokens: Tokens): void {
    if (this.kept) this.begin(tokens, this.kept.email, isStaying());
  }

  /** `isLost`: the user did not sign out here, so the page has to say where to go on. */
  end(isLost = false): void {
    if (!this.kept) return;
    forget();
    this.kept = undefined;
    this.token = undefined;
    this.changed(isLost);
  }

  /** A token that is valid for another minute; undefined without a sign-in. */
  async idToken(): Promise<string | undefined> {
    if (!this.kept) return undefined;
    if (this.token && this.now() < this.token.goodUntil - EARLY_MS) return this.token.value;
    return this.renew();
  }

  /** The API refused this token: gets another, unless that has happened meanwhile. */
  async idTokenAfter(refused: string): Promise<string | undefined> {
    if (this.token?.value === refused) this.token = undefined;
    return this.idToken();
  }

  subscribe = (listener: (isLost: boolean) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Concurrent callers share one renewal. */
  private renew(): Promise<string | undefined> {
    this.renewing ??= this.askForTokens().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async askForTokens(): Promise<string | undefined> {
    const asked = this.kept;
    if (!asked) return undefined;
    const tokens = await this.refresh(asked.refreshToken);
    if (this.kept !== asked) return this.token?.value;
    if (tokens === 'ended') {
      this.end(true);
      return undefined;
    }
    this.take(tokens);
    return tokens.id_token;
  }

  private take(tokens: FreshTokens): void {
    this.token = { value: tokens.id_token, goodUntil: this.now() + tokens.expires_in * 1000 };
  }

  private changed(isLost = false): void {
    for (const listener of this.listeners) listener(isLost);
  }
}
