import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from '../../shared/contract/bridge.ts'
import { windowBridge } from './window-bridge.ts'

/** Gives the page `window.fieldOffice.connect` and nothing else. */
export function exposeBridge(): void {
  contextBridge.exposeInMainWorld('fieldOffice', windowBridge(ipcRenderer) satisfies Bridge)
}
