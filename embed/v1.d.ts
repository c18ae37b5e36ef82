// Types of https://<your Sluice server>/embed/v1.js.

/** An amount as a decimal text: no float ever holds it. */
export interface SluiceMoney {
  amount: string;
  /** ISO 4217. */
  currency: string;
}

/** What your backend answers: that of `POST /api/v1/embed/sessions`, or these two fields of it. */
export interface SluiceToken {
  token: string;
  /** RFC 3339. */
  expires_at: string;
}

export type SluiceView = "summary" | "full" | "banner";
export type SluiceStanding = "active" | "low" | "paused";

/** What is shown. Hints: what counts is what your webhooks say. */
export interface SluiceBalanceDetail {
  account: string;
  /** Who pays. While it is the agency there is no balance to tell. */
  payer: "agency" | "customer";
  standing: SluiceStanding;
  balance: SluiceMoney | null;
  /** Whole days at the rate of the last 30; null when nothing was used, or the agency pays. */
  runway_days: number | null;
}

export interface SluiceLowBalanceDetail extends SluiceBalanceDetail {
  /** Below this the balance counts as low. */
  low_below: SluiceMoney | null;
}

export interface SluiceTopUpSuccessDetail extends SluiceBalanceDetail {
  /** What was put on the balance. */
  amount: SluiceMoney;
}

export interface SluiceTopUpDetail {
  account: string;
}

export interface SluiceSessionExpiredDetail {
  account: string;
}

export interface SluiceLoadErrorDetail {
  /**
   * `no_account`: the attribute is missing. `origin_not_allowed`: the agency has not allowed your site, or the token was minted for
   * another one. `token`: your backend gave none. `no_token`, `session_expired`: the frame has none that is alive. `unreachable`:
   * the server does not answer. `frame`: the frame was loaded and does not start.
   */
  code: string;
  /** For the log. */
  detail: string;
}

export interface SluiceBalanceEventMap {
  "sluice:ready": CustomEvent<SluiceBalanceDetail>;
  "sluice:balancechange": CustomEvent<SluiceBalanceDetail>;
  "sluice:lowbalance": CustomEvent<SluiceLowBalanceDetail>;
  /** Somebody has opened the payment page. */
  "sluice:topupstart": CustomEvent<SluiceTopUpDetail>;
  /** A payment is on the balance, after the payment page was opened from here. */
  "sluice:topupsuccess": CustomEvent<SluiceTopUpSuccessDetail>;
  /** The payment page could not be opened. A declined card is told on that page alone: another can be tried there. */
  "sluice:topupfail": CustomEvent<SluiceTopUpDetail>;
  "sluice:sessionexpired": CustomEvent<SluiceSessionExpiredDetail>;
  "sluice:loaderror": CustomEvent<SluiceLoadErrorDetail>;
}

export interface SluiceBalanceElement extends HTMLElement {
  /** Gives tokens in the place of the attribute `token-endpoint`. */
  getToken: ((asked: { account: string; reason: string }) => Promise<SluiceToken>) | null;
  /** Asks for a fresh token now. */
  refresh(): Promise<void>;
  addEventListener<K extends keyof SluiceBalanceEventMap>(
    type: K,
    listener: (this: SluiceBalanceElement, event: SluiceBalanceEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "sluice-balance": SluiceBalanceElement;
  }
}
