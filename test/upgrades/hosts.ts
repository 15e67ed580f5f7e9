/** How the peers are called in the dumps. */
export const HOSTS = {
  packages: 'http://packages.example',
  testServer: 'http://test-server.example',
  reports: 'http://reports.example',
  /** Its tasks never end. */
  endless: 'http://endless.example',
}
