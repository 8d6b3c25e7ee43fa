/**
 * Under which names the credentials of a system are looked for, in the environment and in the configuration file. The
 * names are those of the connectors where they have one.
 */
import type { System } from "@mortise/codegen/Description"

export interface Name {
  readonly name: string
  readonly says: string
}

/** Names that belong together: all of them, or another way. */
export interface Way {
  readonly names: ReadonlyArray<Name>
  /** May be left out. */
  readonly also?: ReadonlyArray<Name>
}

const name = (name: string, says: string): Name => ({ name, says })

export const ways: Readonly<Record<System, ReadonlyArray<Way>>> = {
  hubspot: [{ names: [name("HUBSPOT_TOKEN", "a private app token or a service key that may read schemas")] }],
  acumatica: [
    { names: [name("ACUMATICA_TOKEN", "an access token of a connected application")] },
    {
      names: [name("ACUMATICA_USER", "a sign-in name"), name("ACUMATICA_PASSWORD", "its password")],
      also: [name("ACUMATICA_TENANT", "the tenant to sign in to, where `company` of the address does not tell")],
    },
  ],
  dynamics: [
    { names: [name("DYNAMICS_TOKEN", "an access token for the environment")] },
    {
      names: [
        name("DYNAMICS_TENANT_ID", "the Entra tenant"),
        name("DYNAMICS_CLIENT_ID", "an application that the environment knows"),
        name("DYNAMICS_CLIENT_SECRET", "its secret"),
      ],
      also: [name("DYNAMICS_LOGIN_URL", "where tokens are asked for; https://login.microsoftonline.com unless set")],
    },
  ],
  netsuite: [
    { names: [name("NETSUITE_TOKEN", "an access token with the scope rest_webservices")] },
    {
      names: [
        name("NETSUITE_CLIENT_ID", "an integration record with client credentials"),
        name("NETSUITE_CERTIFICATE_ID", "the id of its certificate"),
        name("NETSUITE_PRIVATE_KEY", "the private key, PKCS#8 in PEM"),
      ],
      also: [name("NETSUITE_KEY_ALGORITHM", "PS256 unless set; PS384, PS512, ES256, ES384 or ES512")],
    },
  ],
  erpnext: [
    { names: [name("ERPNEXT_API_KEY", "the API key of a user"), name("ERPNEXT_API_SECRET", "its secret")] },
    { names: [name("ERPNEXT_TOKEN", "an OAuth access token")] },
  ],
}

/** The address that the credentials are for: with it set, they go nowhere else. */
export const urlName = (system: System): string =>
  system === "hubspot" ? "HUBSPOT_BASE_URL" : `${system.toUpperCase()}_URL`

const namesOf = (system: System): ReadonlyArray<string> => [
  ...ways[system].flatMap(({ also = [], names }) => [...names, ...also].map((one) => one.name)),
  urlName(system),
]

/** Every name that a configuration file may hold. */
export const all: ReadonlyArray<string> = (Object.keys(ways) as ReadonlyArray<System>).flatMap(namesOf)

const list = (names: ReadonlyArray<Name>): string => names.map((one) => one.name).join(" and ")

/** `ACUMATICA_TOKEN, or ACUMATICA_USER and ACUMATICA_PASSWORD`. */
export const inWords = (system: System): string => ways[system].map(({ names }) => list(names)).join(", or ")
