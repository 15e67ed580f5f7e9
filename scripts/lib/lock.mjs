import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `work` while no other process on this machine holds the lock: a symbolic link to the holder's process id, which
 * is made atomically. The lock of a process that has ended is taken over. Written by hand because it is needed to
 * install the dependencies.
 */
export async function withLock(path, work, signal) {
  let announced = false
  while (!tryLock(path)) {
    signal?.throwIfAborted()
    const holder = holderOf(path)
    if (holder === null) continue
    if (hasEnded(holder)) removeStale(path, holder)
    else {
      if (!announced) console.log(`Waiting for process ${holder}, which sets up the same (${path})`)
      announced = true
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

/** Null where nobody holds it any more. */
function holderOf(path) {
  try {
    return Number(readlinkSync(path))
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

function hasEnded(pid) {
  try {
    return !process.kill(pid, 0)
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Moves the lock aside before it removes it: another process may have taken it over meanwhile, and gets it back. */
function removeStale(path, holder) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (holderOf(aside) === holder) rmSync(aside)
  else renameSync(aside, path)
}
