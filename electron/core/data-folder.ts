/* Names in the data folder of this program. */

/** The real office. */
export const OFFICE_FOLDER = 'office'
export const TRAINING_FOLDER = 'training'
/** A real office is made here and takes its own name when it is whole: a process that is killed leaves no half of one. */
export const OFFICE_BEING_MADE = 'office-being-made'
/** The same for an office that comes out of a backup. */
export const OFFICE_RESTORED = 'office-being-restored'
