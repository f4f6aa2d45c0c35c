"""What policies grant and no call of test_calls.py uses: (carrier, statement, action, resource) → the reason.

Patterns as in a shell. A grant without a line fails the test, and so does a line that no grant needs any more.
"""

UNUSED = {
    ("module.functions.aws_iam_role_policy.this*", "RemoveVersions", "s3:DeleteObject", "*"):
        "S3 asks for it at DeleteObjects, besides s3:DeleteObjectVersion for each version that is named; the recorded "
        "list has the version alone",
    ("module.functions.aws_iam_role_policy.this*rerender*", "FindVersionsOfWhatWasMade", "s3:ListBucketVersions", "*"):
        "a photo is deleted between its new variants and the write that would name them, which no test on a stack can "
        "time: a unit test of the function does it",
    ("module.functions.aws_iam_role_policy.this*rerender*", "RemoveVersions", "s3:DeleteObjectVersion", "*"):
        "as the line above",
    ("module.*.aws_kms_key.*", "AccountAdministersTheKey", "*", "*"):
        "Terraform and operators: a key that its account does not administer can never be changed again",
    ("module.*.aws_kms_key.*", "CallersOfThisAccountThroughS*", "*", "*"):
        "opens nothing alone, because the caller's own policy must grant as well: people who fill the web bucket, read "
        "the trail, or look at a copy have such policies, our roles do not",
    ("module.encryption.aws_kms_key.*metadata*", "CallersOfThisAccountThroughDynamoDB", "*", "*"):
        "to the letter what DynamoDB documents: it asks for them when a table is made, restored or exported",
    ("module.encryption.aws_kms_key.*logs*", "CloudWatchLogsOfThisEnvironment", "kms:DescribeKey", "*"):
        "to the letter what CloudWatch Logs documents",
    ("module.storage.aws_iam_role_policy.replication*", "EncryptThere", "kms:GenerateDataKey", "*"):
        "S3 documents Encrypt for copies, and GenerateDataKey for those with two layers; a copy that fails shows late",
}
