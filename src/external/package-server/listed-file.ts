export interface ListedFile {
  name: string
  url: string
  /** Milliseconds; null where the listing gives none. */
  date: number | null
}

/** The files directly in a directory, by name. */
export type Listing = Map<string, ListedFile>
