export function announceCommand(publicUrl: string, needsToken: boolean, jobName: string): string {
  const body = {
    BUILD_USER: 'li.wei',
    JOB_NAME: jobName,
    PACKAGE_PATH: `builds/${jobName.replace(/[^\p{L}\p{N}/_-]+/gu, '-')}/101`,
    BUILD_NUMBER: '101',
  }
  const lines = [
    `curl -X POST ${quoted(`${publicUrl}/api/v1/builds`)}`,
    `-H 'Content-Type: application/json'`,
    ...(needsToken ? ['-H "Authorization: Bearer $WEBHOOK_TOKEN"'] : []),
    `-d ${quoted(JSON.stringify(body))}`,
  ]
  return lines.join(' \\\n  ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
