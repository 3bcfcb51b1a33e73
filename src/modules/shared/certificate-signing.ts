/** One certificate by `openssl ca`: the only command that takes both ends of the validity in every version of openssl. */
import { quote } from '../../base/quote.ts'
import type { CertificateArgs, Signing } from './certificate-arguments.ts'
import { bytesOf } from './content-text.ts'
import { der, sequence, TAG } from './der.ts'
import { extensionSection, requestConfig } from './openssl-config.ts'
import { privateKeyWords } from './private-key.ts'
import { type Certificate, type Extension, OID, type Request } from './x509-document.ts'
import { keyIdentifier } from './x509-extensions.ts'
import { stampWord } from './x509-time.ts'

/** The request's extensions, with the identifiers that the provider adds. */
export function certificateExtensions(
  request: Request,
  signing: Signing,
  authority: Certificate | null,
): ReadonlyMap<string, Extension> {
  const extensions = new Map(request.extensions)
  const adds =
    signing.subjectKey === 'always_create' ||
    (signing.subjectKey === 'create_if_not_provided' && !extensions.has(OID.subjectKeyIdentifier))
  if (adds) extensions.set(OID.subjectKeyIdentifier, identifier(keyIdentifier(request.publicKey)))
  if (authority !== null && signing.authorityKey) {
    const own = authority.extensions.get(OID.subjectKeyIdentifier)?.value
    // The content of the authority's own identifier, without tag and length.
    const id = own === undefined ? keyIdentifier(authority.publicKey) : own.subarray(2)
    extensions.set(OID.authorityKeyIdentifier, { critical: false, value: sequence(der(0x80, id)) })
  }
  return extensions
}

export function signingAction(
  args: CertificateArgs,
  signing: Signing,
  extensions: ReadonlyMap<string, Extension>,
) {
  const { words, files } = privateKeyWords(signing.key)
  const request = args.csr_path === undefined ? '"$VPAI_FILES/request"' : quote(args.csr_path)
  const { authority } = signing
  const issuer =
    authority === null
      ? '-selfsign'
      : `-cert ${authority.path === undefined ? '"$VPAI_FILES/authority"' : quote(authority.path)}`
  return {
    script: `cd "$VPAI_FILES" && mkdir new && : >index || exit 96
${hasRequest(args) ? '' : `openssl req -new -config request.conf -subj / -key ${words} >request || exit 1\n`}openssl ca -batch -notext -config ca.conf -extfile extensions -extensions more -md ${signing.digest} -preserveDN \\
  -startdate ${stampWord(signing.from)} -enddate ${stampWord(signing.to)} \\
  ${issuer} -keyfile ${words} -in ${request} -out certificate 2>log || { cat log >&2; exit 1; }
cat certificate`,
    files: {
      ...files,
      'ca.conf': bytesOf(CONFIG),
      extensions: bytesOf(extensionSection(extensions)),
      ...(args.csr_content === undefined ? {} : { request: bytesOf(args.csr_content) }),
      ...(hasRequest(args) ? {} : { 'request.conf': bytesOf(requestConfig([], new Map())) }),
      ...(authority?.content === undefined ? {} : { authority: bytesOf(authority.content) }),
    },
  }
}

export function hasRequest(args: CertificateArgs): boolean {
  return args.csr_path !== undefined || args.csr_content !== undefined
}

function identifier(id: Uint8Array): Extension {
  return { critical: false, value: der(TAG.octets, id) }
}

/** Read in the directory of the uploaded files. */
const CONFIG = `[ca]
default_ca = one
[one]
database = ./index
new_certs_dir = ./new
rand_serial = yes
unique_subject = no
email_in_dn = yes
copy_extensions = none
policy = any
[any]
commonName = optional
`
