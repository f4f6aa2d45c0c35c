// A stock Uppy with its stock AwsS3 plugin, in a window of jsdom, uploads one photo by the forms of GET /s3/params.
// Reads {api, token, file, type, origin} from its input; prints how it went.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { JSDOM, VirtualConsole } from 'jsdom'

const { api, token, file, type, origin } = JSON.parse(readFileSync(0, 'utf8'))
const { window } = new JSDOM('', { url: origin, virtualConsole: new VirtualConsole() })
for (const name of ['XMLHttpRequest', 'FormData', 'Blob', 'File', 'DOMException']) globalThis[name] = window[name]

const { default: Uppy } = await import('@uppy/core')
const { default: AwsS3 } = await import('@uppy/aws-s3')

let imageId
async function signRequest({ key, contentType }) {
  const query = new URLSearchParams({ filename: key, type: contentType })
  const answer = await fetch(`${api}/s3/params?${query}`, { headers: { Authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  const parameters = await answer.json()
  imageId = parameters.image_id
  return parameters
}

const uppy = new Uppy().use(AwsS3, { signRequest, generateObjectKey: (chosen) => chosen.name })
uppy.addFile({ name: basename(file), type, data: new window.Blob([readFileSync(file)], { type }) })
const { successful, failed } = await uppy.upload()
const errors = failed.map(({ error }) => String(error))
process.stdout.write(JSON.stringify({ successful: successful.length, failed: failed.length, image_id: imageId, errors }))
process.exit(0)
