export interface Installation {
  /** Makes ready beside the running version what can take time or fail; answers where the new version's files lie. */
  prepare(): Promise<string>
  replace(): Promise<void>
  /** Puts back what was there, however far `replace` came. Safe to repeat. */
  restore(): Promise<void>
  cleanUp(): Promise<void>
}
