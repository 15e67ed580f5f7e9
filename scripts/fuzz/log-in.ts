/** Returns the token of a session. */
export async function logIn(base: string, email: string, password?: string): Promise<string> {
  const response = await fetch(`${base}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (!response.ok) throw new Error(`cannot log in as ${email}: ${await response.text()}`)
  const { token } = (await response.json()) as { token: string }
  return token
}
