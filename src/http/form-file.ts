import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import type { Request, RequestHandler } from 'express'
import { AppError, invalid } from '../lib/errors.ts'
import { type ReceivedFile, receiveFile } from '../lib/receive-file.ts'

const LIMITS = { files: 1, fields: 20, parts: 30, fieldSize: 64 * 1024, fieldNameSize: 100 }

/** Reads the fields and the file of a form that sends one, for people who are logged in. */
export function readFileForms(folder: string, maxBytes: number): RequestHandler {
  return async (req, res, next) => {
    if (req.method !== 'POST' || !req.is('multipart/form-data') || !res.locals.user) return next()
    res.once('close', () => removeFile(res.locals.formFile))
    const { fields, file } = await readForm(req, folder, maxBytes)
    req.body = fields
    res.locals.formFile = file
    next()
  }
}

async function readForm(req: Request, folder: string, maxBytes: number) {
  const fields: Record<string, string> = {}
  let receiving: Promise<ReceivedFile> | undefined
  const parser = parserFor(req, maxBytes)
  parser.on('field', (name, value) => {
    fields[name] = value
  })
  parser.on('file', (_name, stream) => {
    receiving = receiveFile(folder, stream, { maxBytes, suffix: `.${randomUUID().slice(0, 8)}` })
    // An error is thrown below; what follows of a file that is too large is not kept.
    receiving.catch(() => stream.resume())
  })
  await pipeline(req, parser)
  const file = await receiving
  return { fields, file: file?.size ? file : await removeFile(file) }
}

function parserFor({ headers }: Request, maxBytes: number): busboy.Busboy {
  try {
    return busboy({ headers, limits: { ...LIMITS, fileSize: maxBytes + 1 } })
  } catch (cause) {
    throw new AppError('errors:broken_request', {}, { status: 400, cause })
  }
}

async function removeFile(file: ReceivedFile | undefined): Promise<undefined> {
  if (file) await rm(file.path, { force: true })
}

/** Throws 400 where none was chosen. */
export function formFileOf({ res }: { res: { locals: { formFile?: ReceivedFile } } }): ReceivedFile {
  if (!res.locals.formFile) throw invalid('errors:no_file')
  return res.locals.formFile
}
