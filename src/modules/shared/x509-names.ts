/** Words of certificates and the object identifiers behind them (RFC 5280, RFC 4519, OpenSSL's names). */

/** OID, the name that results show, other names that are taken. */
const ATTRIBUTES: readonly (readonly [string, string, ...string[]])[] = [
  ['2.5.4.3', 'commonName', 'CN'],
  ['2.5.4.4', 'surname', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'countryName', 'C'],
  ['2.5.4.7', 'localityName', 'L'],
  ['2.5.4.8', 'stateOrProvinceName', 'ST'],
  ['2.5.4.9', 'streetAddress', 'street'],
  ['2.5.4.10', 'organizationName', 'O'],
  ['2.5.4.11', 'organizationalUnitName', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.16', 'postalAddress'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.42', 'givenName', 'GN'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.45', 'x500UniqueIdentifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'userId', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'domainComponent', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress', 'E'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionLocalityName', 'jurisdictionL'],
  ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionStateOrProvinceName', 'jurisdictionST'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionCountryName', 'jurisdictionC'],
]

const USAGES: readonly (readonly [string, string, ...string[]])[] = [
  ['1.3.6.1.5.5.7.3.1', 'TLS Web Server Authentication', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'TLS Web Client Authentication', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'Code Signing', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'E-mail Protection', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.5', 'IPSec End System', 'ipsecEndSystem'],
  ['1.3.6.1.5.5.7.3.6', 'IPSec Tunnel', 'ipsecTunnel'],
  ['1.3.6.1.5.5.7.3.7', 'IPSec User', 'ipsecUser'],
  ['1.3.6.1.5.5.7.3.8', 'Time Stamping', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSP Signing', 'OCSPSigning'],
  ['1.3.6.1.5.5.7.3.10', 'dvcs', 'DVCS'],
  ['1.3.6.1.5.5.7.3.17', 'ipsec Internet Key Exchange', 'ipsecIKE'],
  ['1.3.6.1.5.5.7.1.2', 'Biometric Info', 'biometricInfo'],
  ['1.3.6.1.5.5.7.1.3', 'qcStatements'],
  ['1.3.6.1.4.1.311.2.1.21', 'Microsoft Individual Code Signing', 'msCodeInd'],
  ['1.3.6.1.4.1.311.2.1.22', 'Microsoft Commercial Code Signing', 'msCodeCom'],
  ['1.3.6.1.4.1.311.10.3.1', 'Microsoft Trust List Signing', 'msCTLSign'],
  ['1.3.6.1.4.1.311.10.3.4', 'Microsoft Encrypted File System', 'msEFS'],
  ['1.3.6.1.4.1.311.20.2.2', 'Microsoft Smartcard Login', 'msSmartcardLogin'],
  ['2.5.29.37.0', 'Any Extended Key Usage', 'anyExtendedKeyUsage'],
]

/** In the order of their bits. */
export const KEY_USAGES = [
  ['Digital Signature', 'digitalSignature'],
  ['Non Repudiation', 'nonRepudiation', 'contentCommitment', 'Content Commitment'],
  ['Key Encipherment', 'keyEncipherment'],
  ['Data Encipherment', 'dataEncipherment'],
  ['Key Agreement', 'keyAgreement'],
  ['Certificate Sign', 'keyCertSign'],
  ['CRL Sign', 'cRLSign'],
  ['Encipher Only', 'encipherOnly'],
  ['Decipher Only', 'decipherOnly'],
] as const

const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10040.4.3': 'dsaWithSHA1',
  '2.16.840.1.101.3.4.3.2': 'dsa_with_SHA256',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
}

/** null for a name that nobody knows. Dotted numbers stand for themselves. */
export const attributeOid = (name: string): string | null => oidIn(ATTRIBUTES, name)
export const usageOid = (name: string): string | null => oidIn(USAGES, name)

export const attributeName = (oid: string): string => nameIn(ATTRIBUTES, oid)
export const usageName = (oid: string): string => nameIn(USAGES, oid)
export const signatureName = (oid: string): string => SIGNATURES[oid] ?? oid

type Names = readonly (readonly [string, string, ...string[]])[]

function oidIn(table: Names, name: string): string | null {
  if (/^\d+(\.\d+)+$/.test(name)) return name
  const wanted = name.toLowerCase()
  const found =
    table.find(([, ...names]) => names.includes(name)) ??
    table.find(([, ...names]) => names.some(one => one.toLowerCase() === wanted))
  return found?.[0] ?? null
}

function nameIn(table: Names, oid: string): string {
  return table.find(([known]) => known === oid)?.[1] ?? oid
}
