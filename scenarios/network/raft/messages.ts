/** A command in the log, and the term in which a leader put it there. */
export interface Entry {
  readonly term: number;
  readonly command: string;
}

interface Common {
  readonly term: number;
  /** Who sends it. */
  readonly from: string;
}

/**
 * The command with which a leader begins its term: without an entry of its own term it may not commit those of earlier
 * ones.
 */
export const NOTHING = "";

/**
 * What nodes send each other; the names are Raft's.
 *
 * @see Ongaro and Ousterhout: In Search of an Understandable Consensus Algorithm
 */
export type PeerMessage =
  | (Common & { readonly type: "requestVote"; readonly lastIndex: number; readonly lastTerm: number })
  | (Common & { readonly type: "vote"; readonly granted: boolean })
  | (Common & {
      readonly type: "appendEntries";
      readonly previousIndex: number;
      readonly previousTerm: number;
      readonly entries: readonly Entry[];
      readonly commitIndex: number;
    })
  | (Common & { readonly type: "appended"; readonly isMatch: boolean; readonly matchIndex: number });

/** What nodes get: the messages of their peers, and what clients want. */
export type Message = PeerMessage | { readonly type: "propose"; readonly command: string };
