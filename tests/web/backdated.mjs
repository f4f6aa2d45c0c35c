// Photos of earlier months. A ticket is always of today, so a person's records are copied in the table, under ids of
// that time; copies show the same variants.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { aws } from './aws.mjs';
import { PASSWORD, stack } from './support.mjs';

const table = (operation, body) => aws('dynamodb', operation, { TableName: stack.images_table, ...body });

async function ownerOf(email) {
  const signedIn = await fetch(`${stack.api_url}/auth/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const { id_token } = await signedIn.json();
  const me = await fetch(`${stack.api_url}/me`, { headers: { authorization: `Bearer ${id_token}` } });
  return (await me.json()).user_id;
}

/** A UUID of version 7, whose first 48 bits are the time. */
export function idOf(time) {
  const hex = time.getTime().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** `months`: how many photos each gets, such as `{ '2025-12': 40 }`. */
export async function backdate(email, months) {
  const owner = await ownerOf(email);
  const { Items } = await table('Query', {
    KeyConditionExpression: 'pk = :owner AND begins_with(sk, :image)',
    ExpressionAttributeValues: { ':owner': { S: `USER#${owner}` }, ':image': { S: 'IMAGE#' } },
  });
  const ready = Items.filter((item) => item.status.S === 'ready');
  assert.ok(ready.length > 0, 'photos to copy');
  for (const [month, count] of Object.entries(months)) {
    for (let nth = 0; nth < count; nth++) {
      const at = new Date(Date.parse(`${month}-03T10:00:00Z`) + (nth * 24 * 86_400_000) / count);
      const id = { S: idOf(at) };
      const time = { S: at.toISOString() };
      const copy = { ...ready[nth % ready.length], sk: { S: `IMAGE#${id.S}` }, image_id: id, ready_id: id, created_at: time, updated_at: time };
      await table('PutItem', { Item: copy });
    }
  }
}
