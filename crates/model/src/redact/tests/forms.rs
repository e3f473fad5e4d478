//! What secrets look like where people paste them, and what only looks like one.

/// Letters and digits that belong to nobody, so that no scanner takes them for a real token.
pub fn filler(chars: usize) -> String {
    "aB3dE6gH9jK2mN5pQ8rS".chars().cycle().take(chars).collect()
}

fn hex(chars: usize) -> String {
    "0a1b2c3d4e5f".chars().cycle().take(chars).collect()
}

fn upper(chars: usize) -> String {
    "A2B3C4D5E6".chars().cycle().take(chars).collect()
}

/// Texts in which `{}` is the secret; with the secret.
pub fn forms() -> Vec<(&'static str, String)> {
    let mut forms: Vec<(&str, String)> = [
        // assignments
        "DB_PASSWORD={} ./run",
        "export PGPASSWORD={}",
        "MYSQL_ROOT_PASSWORD={}",
        "PASSWORD_PROD={}",
        "TOKEN_GITHUB={}",
        "SECRET_KEY_BASE={}",
        "password: {}",
        "  password: \"{}\"",
        "password = '{}'",
        "the password: {} on db-1",
        "db-password: {}",
        "db_pass={}",
        "pw={}",
        "passwd={}",
        "Passphrase: {} and more words",
        "spring.datasource.password={}",
        "apiKey: {}",
        "api_key={}",
        "client_secret={}&grant_type=client_credentials",
        "private_key = \"{}\"",
        "token: {}",
        "auth_token={}",
        "accessToken: {}",
        "refresh_token={}",
        "JWT={}",
        "config['password'] = '{}'",
        ":password => \"{}\"",
        "password := \"{}\"",
        "$env:API_TOKEN=\"{}\"",
        "ENV DB_PASSWORD {}",
        "the password is {}",
        "<password>{}</password>",
        "<db:secret>{}</db:secret>",
        "password%3D{}",
        "client-key-data: {}",
        "api key: {}",
        "dbPass={}",
        "SSHPASS={}",
        "the password {} was in the log",
        "basic: Basic {}",
        "AUTH_TOKEN_2={}",
        "x-amz-security-token: {}",
        // JSON and YAML
        r#"{"password":"{}"}"#,
        r#"{"apiKey" : "{}"}"#,
        r#"{\"password\":\"{}\"}"#,
        r#"{\\\"password\\\":\\\"{}\\\"}"#,
        r#"{"log":"{\"token\": \"{}\"}"}"#,
        "- name: DB_PASSWORD\n  value: {}\n",
        "- name: DB_PASSWORD\n  value: \"{}\"\n",
        r#"{"name":"SHOP_TOKEN","value":"{}"}"#,
        r#"{"value":"{}","name":"SHOP_TOKEN"}"#,
        r#"{\"name\":\"SHOP_TOKEN\",\"value\":\"{}\"}"#,
        "password: |\n  {}\nuser: app\n",
        "data:\n  db-password: {}\n",
        r#"{"auths":{"registry.example":{"auth":"{}"}}}"#,
        ".dockerconfigjson: {}",
        "kubectl.kubernetes.io/last-applied-configuration: |\n  {\"data\":\"{}\"}\n",
        // flags
        "run --db-password {} --port 1",
        "run --password={}",
        "java -password {} Main",
        r#"args: ["--token", "{}"]"#,
        "curl -u kate:{} https://example",
        "curl -ukate:{} https://example",
        "curl --user 'kate:{}' https://example",
        "curl -b 'session={}' https://example",
        "smbclient -U kate%{} //files/share",
        "java -Djavax.net.ssl.keyStorePassword={} Main",
        "mysql -h db -u app -p{} shop",
        "sshpass -p {} ssh db",
        "docker login -u kate -p {} registry.example",
        "echo {} | docker login -u kate --password-stdin",
        "redis-cli -h cache -a {} ping",
        "ldapsearch -x -D cn=admin -w {} -b dc=example",
        "openssl rsa -in key.pem -passin pass:{}",
        "kubectl create secret generic shop --from-literal=anything={}",
        "CREATE USER app IDENTIFIED BY '{}'",
        "ALTER USER app WITH PASSWORD '{}'",
        "machine git.example login kate password {}",
        // addresses
        "postgres://app:{}@db:5432/shop",
        "amqp://:{}@mq/",
        "//kate:{}@files.example/share",
        "app:{}@tcp(db:3306)/shop",
        "jdbc:mysql://db/shop?user=app&password={}",
        "jdbc:oracle:thin:scott/{}@db:1521/shop",
        "Server=db;User Id=app;Password={};",
        "db:5432:shop:app:{}",
        "https://example/hook?token={}&x=1",
        "https://example/a?access_token={}",
        "wss://example/a?api_key={}",
        // headers
        "Authorization: Bearer {}",
        "curl -H 'Authorization: token {}'",
        "authorization: Basic {}",
        "Authorization: {}",
        "Authorization: ApiKey {}",
        "Authorization: GenieKey {}",
        "Authorization: Digest username=\"kate\", response=\"{}\"",
        r#"{"Authorization":"Bearer {}"}"#,
        r#"{\"Authorization\":\"Bearer {}\"}"#,
        "Proxy-Authorization: Basic {}",
        "X-Api-Key: {}",
        "X-Auth-Token: {}",
        "X-Vault-Token: {}",
        "PRIVATE-TOKEN: {}",
        "Cookie: session={}; theme=dark",
        "Set-Cookie: sid={}; HttpOnly",
        "JSESSIONID={}",
        // where alerts are sent to
        "https://hooks.slack.com/services/{}",
        "https://discord.com/api/webhooks/{}",
        "https://shop.webhook.office.com/webhookb2/{}",
        "https://events.pagerduty.com/integration/{}/enqueue",
        "https://chat.example/hooks/{}",
        "https://api.telegram.org/bot{}/sendMessage",
        "routing_key: {}",
        // clouds
        "aws_secret_access_key = {}",
        "AWS_SESSION_TOKEN={}",
        "https://b.s3.example/x?X-Amz-Signature={}",
        "https://b.s3.example/x?a=1&X-Amz-Security-Token={}",
        "https://storage.example/x?X-Goog-Signature={}",
        "https://shop.blob.example/x?sv=2024&sig={}",
        "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={};",
        "Endpoint=sb://shop.example/;SharedAccessKeyName=Root;SharedAccessKey={}",
        "https://f.example/api/run?code={}",
        // keys
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n{} and then cut off",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n{}\n-----END PGP PRIVATE KEY BLOCK-----",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        r#""private_key": "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n""#,
        "PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n{}\n",
        r#"{"kty":"EC","d":"{}"}"#,
        "tls.key: LS0tLS1CRUdJTi{}",
        "[Interface]\nPrivateKey = {}",
    ]
    .into_iter()
    .map(|form| (form, filler(24)))
    .collect();
    forms.extend(
        tokens()
            .into_iter()
            .map(|token| ("seen {} in the log", token)),
    );
    for webhook in forms
        .iter_mut()
        .filter(|(form, _)| form.contains("discord.com"))
    {
        webhook.1 = format!("123456789/{}", filler(40));
    }
    for bot in forms
        .iter_mut()
        .filter(|(form, _)| form.contains("telegram"))
    {
        bot.1 = format!("123456789:{}", filler(35));
    }
    forms
}

/// Tokens that are known by their beginning alone.
fn tokens() -> Vec<String> {
    let of = |beginning: &str, rest: String| format!("{beginning}{rest}");
    vec![
        of("gh", format!("p_{}", filler(36))),
        of("gh", format!("s_{}", filler(36))),
        of("github", format!("_pat_{}", filler(40))),
        of("gl", format!("pat-{}", filler(20))),
        of("gl", format!("rt-{}", filler(24))),
        of("np", format!("m_{}", filler(36))),
        of("py", format!("pi-{}", filler(60))),
        of("sk", format!("_live_{}", filler(24))),
        of("rk", format!("_test_{}", filler(24))),
        of("wh", format!("sec_{}", filler(32))),
        of("xo", format!("xb-{}", filler(24))),
        of("xa", format!("pp-1-{}", filler(24))),
        of("AK", format!("IA{}", upper(16))),
        of("AS", format!("IA{}", upper(16))),
        of("AI", format!("za{}", filler(35))),
        of("ya", format!("29.{}", filler(40))),
        of("GOC", format!("SPX-{}", filler(28))),
        of("SG", format!(".{}.{}", filler(22), filler(43))),
        of("SK", hex(32)),
        of("hv", format!("s.{}", filler(24))),
        of("gl", format!("sa_{}", filler(32))),
        of("sk", format!("-ant-{}", filler(40))),
        of("hf", format!("_{}", filler(34))),
        of("da", format!("pi{}", hex(32))),
        of("dop", format!("_v1_{}", hex(64))),
        of("shp", format!("at_{}", hex(32))),
        of("dckr", format!("_pat_{}", filler(27))),
        of("abc", format!("8Q~{}", filler(34))),
        of("AGE-SECRET", format!("-KEY-1{}", upper(58))),
        of(
            "eyJ",
            format!("{}.eyJ{}.{}", filler(20), filler(20), filler(30)),
        ),
    ]
}

/// Texts of an outage that must stay byte for byte.
pub const HARMLESS: &[&str] = &[
    "",
    "token-issuer: CrashLoopBackOff pods crashing",
    "rollout of token-service: 3 pods",
    "secret-store: 2 of 3 ready",
    "password-reset: 5xx since 14:02",
    "forgot-password: CrashLoopBackOff",
    "api-token: 3 pods OOMKilled",
    "deployment/auth-token: 0 of 3 available",
    "credentials-manager: restarted by kate",
    "auth-proxy: 502 from upstream",
    "deployment/token: rolled back to r41",
    "token: checkout-7d9f-x2k restarted",
    "secret: shop-tls",
    "checkout-7d9f-x2k CrashLoopBackOff exit 137",
    "token expired, login again",
    "token: expired for user kate",
    "invalid token: signature mismatch",
    "password: incorrect for user kate",
    "the password was changed by the database team",
    "the secret is mounted read-only",
    "secret \"db-credentials\" not found",
    "secret/db-credentials: not found",
    "MountVolume.SetUp failed for volume \"token\" : secret \"shop-token\" not found",
    "https://grafana.example:3000/d/abc?from=now-1h&key=namespace",
    "kubectl -n shop scale deployment/checkout --replicas=3",
    "kubectl get secret shop-tls -o name",
    "image registry.example:5000/shop/checkout:1.9.2@sha256:abc",
    "kate@bastion: passed to the database team",
    "secretName: shop-tls",
    "secretKeyRef: shop-db",
    "imagePullSecrets: registry",
    "automountServiceAccountToken: false",
    "tokenExpirationSeconds: 3607",
    "max_tokens=4096",
    "token_bucket_size=100",
    "TOKEN_TTL=24h",
    "PASSWORD_FILE=/run/secrets/db",
    "DB_PASSWORD=${DB_PASSWORD}",
    "DB_PASSWORD=$DB_PASSWORD",
    "password: <none>",
    "password: ********",
    "PASSWORD=null",
    "passed: 14, failed: 2",
    "bypass=true compass=north",
    "author: kate",
    "authority: shop.example",
    "signature: none, certificate expired",
    "routing_key=orders.created",
    "service_key: checkout",
    "--token-ttl 24h --secret-name shop-tls",
    "the --password flag is deprecated",
    "Authorization: denied for kate",
    "authorization: RBAC: access denied",
    "cookie: too large",
    "basic auth: 401 for everybody",
    "POST /oauth/token 500 in 3.2 s",
    "session_id: unknown",
    "code=500 key=value status=503",
    "user:group 1000:1000, ports 80:8080",
    "nodes a:1 b:2 at 10:30:12",
    "curl -u kate https://example",
    "ssh -p 2222 db-1",
    "mysql -p shop",
    "HTTPS://EXAMPLE/A@B",
    "the key is under the mat",
    "auth: down since 14:02",
    "auth: OOMKilled",
    "token: CrashLoopBackOff",
    "user-credentials: restarted",
    "pass: 14 fail: 2",
    "POST /oauth/token: 500",
    "api key: 3 expired",
    "AUTH_ENABLED=true AUTH_URL=https://auth.example",
    "SECRET_NAME=shop-tls",
    "aws_access_key_id is set",
    "Basic authentication failed",
    "jwt-validator: 3 of 3",
];
