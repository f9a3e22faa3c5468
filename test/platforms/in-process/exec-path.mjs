// Preloaded under an emulator, where the system cannot start the emulated program by itself: child
// processes are started by the script that starts the emulator.
process.execPath = process.env.NEARFAR_EXEC_PATH;
