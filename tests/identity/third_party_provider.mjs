// A certified OpenID provider that is not ours, speaking for ThaID (claims in the id_token) or DGA Digital ID (in userinfo).
// usage: node third_party_provider.mjs '{"clients": [...], "people": {"<login>": {<claims>}}, "userinfo": true|false}'
// Prints its issuer when it is ready; sign-in and consent are its own development pages.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const { clients, people, userinfo } = JSON.parse(process.argv[2]);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const names = new Set(Object.values(people).flatMap(Object.keys));
  const provider = new Provider(issuer, {
    clients,
    claims: { openid: ['sub'], ...Object.fromEntries([...names].map((name) => [name, [name]])) },
    conformIdTokenClaims: userinfo,
    features: { rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (ctx, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.on('end', () => process.exit()).resume();
