export interface ListedFile {
  name: string
  url: string
  /** Milliseconds, or null. */
  date: number | null
}

/** The files directly in a directory, by name. */
export type Listing = Map<string, ListedFile>
