import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Does `work` while no other process on this machine does so under the same lock. The lock is a symbolic link
 * to the holder's process id: making one is atomic, id and all. One whose holder died is taken over.
 */
export async function withLock(path, work, signal) {
  let told = false
  while (!tryLock(path)) {
    signal?.throwIfAborted()
    const holder = holderOf(path)
    if (holder !== undefined && !isAlive(holder)) removeStale(path, holder)
    else {
      if (!told) console.log(`Waiting for process ${holder ?? ''}, which sets up the same (${path})`)
      told = true
      await sleep(200)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function tryLock(path) {
  try {
    symlinkSync(String(process.pid), path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function holderOf(path) {
  try {
    return Number(readlinkSync(path))
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Moves the lock aside before it is removed: it may meanwhile be another's, who then gets it back. */
function removeStale(path, holder) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (holderOf(aside) === holder) rmSync(aside)
  else renameSync(aside, path)
}
