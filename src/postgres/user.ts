import { stat } from 'node:fs/promises'
import { execa } from 'execa'
import { AppError } from '../lib/errors.ts'

export interface User {
  uid: number
  gid: number
}

/**
 * PostgreSQL refuses to run as root. For root it runs as the owner of its data directory; a new one is made for
 * `postgres` or `nobody`. Null where this process is not root's.
 */
export async function findPostgresUser(dataDirectory: string): Promise<User | null> {
  if (process.getuid?.() !== 0) return null
  const user = (await ownerOf(dataDirectory)) ?? (await findUser('postgres')) ?? (await findUser('nobody'))
  if (!user) throw new AppError('database:root')
  return user
}

async function ownerOf(path: string): Promise<User | null> {
  const owner = await stat(path).catch(() => null)
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : null
}

async function findUser(name: string): Promise<User | null> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(flag => execa('id', [flag, name], { reject: false })))
  return uid && gid && !uid.failed && !gid.failed
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : null
}
