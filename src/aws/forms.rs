//! Signed forms: permission for an upload of unknown size. A presigned PUT cannot limit the length, the policy of a
//! form can. The SDK signs no forms, but it has both halves of the signature.

use super::signing::Lifetime;
use aws_config::SdkConfig;
use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sdk_s3::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use aws_smithy_types::base64;
use darkroom_domain::{Error, ErrorCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;
use time::format_description::well_known::iso8601::{Config, EncodedConfig, TimePrecision};

/// The one upload that a form is for.
pub struct Form<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The environment's own key.
    pub kms_key_arn: &'a str,
    /// The declared media type.
    pub content_type: &'a str,
    /// The range of its size in bytes.
    pub size_bytes: RangeInclusive<u64>,
}

/// A form that anybody may send, with the file as its last field. Not `Debug`: it is a secret until it expires.
pub struct SignedForm {
    /// Where it is posted to.
    pub url: String,
    /// Its fields.
    pub fields: BTreeMap<String, String>,
}

/// May sign forms that upload to the originals bucket.
pub trait SealForm {
    /// A POST of exactly this upload: the signature covers key, type, encryption and the limits of the length (R30).
    fn seal_form(&self, form: Form<'_>, life: Lifetime) -> impl Future<Output = Result<SignedForm, Error>>;
}

/// Signs as the function itself.
pub struct FormSigner {
    credentials: SharedCredentialsProvider,
    region: String,
    endpoint: Option<String>,
    addresses: DefaultResolver,
}

impl FormSigner {
    /// With the SDK's own credentials and region.
    pub fn of(config: &SdkConfig) -> Result<Self, Error> {
        let unset = |what: &str| Error::new(ErrorCode::WorkerMisconfigured, format!("the SDK knows no {what}"));
        Ok(Self {
            credentials: config.credentials_provider().ok_or_else(|| unset("credentials"))?,
            region: config.region().ok_or_else(|| unset("region"))?.to_string(),
            endpoint: config.endpoint_url().map(Into::into),
            addresses: DefaultResolver::new(),
        })
    }

    async fn address(&self, bucket: &str) -> Result<String, Error> {
        let unresolved = |why: String| Error::new(ErrorCode::WorkerBug, format!("address of the bucket: {why}"));
        let parameters = Params::builder()
            .bucket(bucket)
            .region(&self.region)
            .force_path_style(self.endpoint.is_some())
            .set_endpoint(self.endpoint.clone())
            .build()
            .map_err(|why| unresolved(why.to_string()))?;
        let endpoint = self.addresses.resolve_endpoint(&parameters).await;
        Ok(endpoint.map_err(|why| unresolved(why.to_string()))?.url().to_owned())
    }
}

impl SealForm for FormSigner {
    async fn seal_form(&self, form: Form<'_>, life: Lifetime) -> Result<SignedForm, Error> {
        let credentials = self.credentials.provide_credentials().await;
        // The Lambda service gives the credentials; if they are missing, they will be back.
        let credentials =
            credentials.map_err(|why| Error::new(ErrorCode::TransientUnavailable, format!("credentials: {why}")))?;
        let date = basic(life.from).split_once('T').map(|(date, _)| date.to_owned()).unwrap_or_default();
        let scope = format!("{date}/{}/s3/aws4_request", self.region);
        let mut fields = fields(&form, life, &credentials, &scope);
        let policy = base64::encode(policy(&form, life, &fields).to_string());
        fields.insert("x-amz-signature".into(), signature(&credentials, life.from, &self.region, &policy));
        fields.insert("policy".into(), policy);
        Ok(SignedForm { url: self.address(form.bucket).await?, fields })
    }
}

/// All fields of the form, covered by the signature, except the policy and the signature itself.
fn fields(form: &Form<'_>, life: Lifetime, credentials: &Credentials, scope: &str) -> BTreeMap<String, String> {
    let said = [
        ("key", form.key.to_owned()),
        ("content-type", form.content_type.to_owned()),
        ("success_action_status", "201".to_owned()),
        ("x-amz-server-side-encryption", "aws:kms".to_owned()),
        ("x-amz-server-side-encryption-aws-kms-key-id", form.kms_key_arn.to_owned()),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential", format!("{}/{scope}", credentials.access_key_id())),
        ("x-amz-date", basic(life.from)),
    ];
    let token = credentials.session_token().map(|token| ("x-amz-security-token", token.to_owned()));
    said.into_iter().chain(token).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn policy(form: &Form<'_>, life: Lifetime, fields: &BTreeMap<String, String>) -> Value {
    let fields = fields.iter().map(|(name, value)| json!(["eq", format!("${name}"), value]));
    let mut conditions: Vec<Value> = fields.collect();
    conditions.push(json!({ "bucket": form.bucket }));
    conditions.push(json!(["content-length-range", form.size_bytes.start(), form.size_bytes.end()]));
    json!({ "expiration": darkroom_domain::timestamp::rfc3339(life.end()), "conditions": conditions })
}

fn signature(credentials: &Credentials, at: OffsetDateTime, region: &str, policy: &str) -> String {
    let key = generate_signing_key(credentials.secret_access_key(), at.into(), region, "s3");
    calculate_signature(key, policy.as_bytes())
}

/// A time as signatures write it: 20260131T120007Z.
fn basic(time: OffsetDateTime) -> String {
    const BASIC: EncodedConfig = Config::DEFAULT
        .set_use_separators(false)
        .set_year_is_six_digits(false)
        .set_time_precision(TimePrecision::Second { decimal_digits: None })
        .encode();
    time.format(&Iso8601::<BASIC>).expect("a year of four digits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_config::{BehaviorVersion, Region};
    use std::time::Duration;

    /// In two halves, so that scanners for secrets do not take it for a real key.
    macro_rules! example_key {
        () => {
            concat!("AKIA", "IOSFODNN7EXAMPLE")
        };
    }

    fn at(millis: i128) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(millis * 1_000_000).unwrap()
    }

    /// The example that AWS publishes to test signatures of forms with: "Browser-Based Upload using HTTP POST".
    #[test]
    fn the_signature_is_that_of_the_published_example() {
        let policy = [
            "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",",
            "  \"conditions\": [",
            "    {\"bucket\": \"sigv4examplebucket\"},",
            "    [\"starts-with\", \"$key\", \"user/user1/\"],",
            "    {\"acl\": \"public-read\"},",
            "    {\"success_action_redirect\": \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},",
            "    [\"starts-with\", \"$Content-Type\", \"image/\"],",
            "    {\"x-amz-meta-uuid\": \"14365123651274\"},",
            "    {\"x-amz-server-side-encryption\": \"AES256\"},",
            "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],",
            "",
            concat!("    {\"x-amz-credential\": \"", example_key!(), "/20151229/us-east-1/s3/aws4_request\"},"),
            "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},",
            "    {\"x-amz-date\": \"20151229T000000Z\" }",
            "  ]",
            "}",
        ];
        let policy = base64::encode(policy.join("\r\n"));
        let secret = ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("/");
        let credentials = Credentials::new(example_key!(), secret, None, None, "example");
        let signed = signature(&credentials, at(1_451_347_200_000), "us-east-1", &policy);
        assert_eq!(signed, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }

    async fn sealed(endpoint: Option<&str>) -> SignedForm {
        let keys = Credentials::new("key", "secret", Some("session".into()), None, "tests");
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(keys));
        config.set_endpoint_url(endpoint.map(Into::into));
        let form = Form {
            bucket: "originals",
            key: "uploads/ada/1",
            kms_key_arn: "arn:key",
            content_type: "image/png",
            size_bytes: 1..=50,
        };
        let life = Lifetime { from: at(1_769_860_807_250), length: Duration::from_mins(15) };
        FormSigner::of(&config.build()).unwrap().seal_form(form, life).await.unwrap()
    }

    #[tokio::test]
    async fn r30_the_policy_seals_every_field_and_the_length() {
        let form = sealed(None).await;
        let policy: Value = serde_json::from_slice(&base64::decode(&form.fields["policy"]).unwrap()).unwrap();
        assert_eq!(policy["expiration"], "2026-01-31T12:15:07.250Z");
        let conditions = policy["conditions"].as_array().unwrap();
        for (name, value) in &form.fields {
            let sealed = conditions.contains(&json!(["eq", format!("${name}"), value]));
            assert_eq!(sealed, !["policy", "x-amz-signature"].contains(&name.as_str()), "{name}");
        }
        assert!(conditions.contains(&json!(["content-length-range", 1, 50])));
        assert!(conditions.contains(&json!({ "bucket": "originals" })));
        assert_eq!(form.fields["key"], "uploads/ada/1");
        assert_eq!(form.fields["x-amz-date"], "20260131T120007Z");
        assert_eq!(form.fields["x-amz-credential"], "key/20260131/eu-central-1/s3/aws4_request");
        assert_eq!(form.fields["x-amz-security-token"], "session");
    }

    #[tokio::test]
    async fn it_is_posted_to_the_bucket() {
        assert_eq!(sealed(None).await.url, "https://originals.s3.eu-central-1.amazonaws.com");
        assert_eq!(sealed(Some("http://127.0.0.1:4566")).await.url, "http://127.0.0.1:4566/originals");
    }
}
