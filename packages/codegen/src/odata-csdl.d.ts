declare module "odata-csdl" {
  /** CSDL XML of versions 2.0 and 4.0x as CSDL JSON. */
  const csdl: { readonly xml2json: (xml: string, options?: { readonly annotations?: boolean }) => unknown }
  export default csdl
}
