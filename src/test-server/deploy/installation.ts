/** How the files of a service are replaced and put back. */
export interface Installation {
  /** Makes ready beside the running version what can take time or fail; answers where the new version's files lie. */
  prepare(): Promise<string>
  /** Backs up what is there and puts the new version in its place. */
  replace(): Promise<void>
  /** Puts back what was there, however far `replace` came. Safe to repeat. */
  restore(): Promise<void>
  /** Removes what was made on the way. */
  cleanUp(): Promise<void>
}
