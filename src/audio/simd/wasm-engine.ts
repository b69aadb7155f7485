/** WebAssembly as far as it is used here, with what a module exports; no library of types for a machine without a browser has it. */
export interface WasmEngine<Exports> {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: Exports & { readonly memory: { readonly buffer: ArrayBuffer } };
  };
}
