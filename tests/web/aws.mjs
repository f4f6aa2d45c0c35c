// The stack's AWS, for steps that cannot be done in a browser. The local engine checks no signatures.
import assert from 'node:assert/strict';
import { stack } from './support.mjs';

const SERVICES = {
  dynamodb: { target: 'DynamoDB_20120810', json: '1.0' },
  'cognito-idp': { target: 'AWSCognitoIdentityProviderService', json: '1.1' },
  states: { target: 'AWSStepFunctions', json: '1.0' },
  sqs: { target: 'AmazonSQS', json: '1.0' },
};

export async function aws(service, operation, body) {
  const { target, json } = SERVICES[service];
  const credential = `test/20260101/${stack.region}/${service}/aws4_request`;
  const answer = await fetch(stack.aws_endpoint_url, {
    method: 'POST',
    headers: {
      'content-type': `application/x-amz-json-${json}`,
      'x-amz-target': `${target}.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${operation}: ${text}`);
  return text && JSON.parse(text);
}

/** As `make operator` does it; the user is an operator from the next sign-in on. */
export async function makeOperator(email) {
  const pool = { UserPoolId: stack.user_pool_id };
  const { Users } = await aws('cognito-idp', 'ListUsers', { ...pool, Filter: `email = "${email}"` });
  await aws('cognito-idp', 'AdminAddUserToGroup', { ...pool, Username: Users[0].Username, GroupName: 'operators' });
}
