export interface ListedFile {
  name: string
  url: string
  date: number | null
}

export type Listing = Map<string, ListedFile>
