// Written by design-taps.ts, which says what the numbers are. Change them there.

/** The value that stands for 1. */
export const tapUnity = 2 ** 24;

/** 8 to 16 kHz: the taps on one side of the centre that are not zero, nearest first; the centre is `tapUnity`. */
export const upTaps = [
  10667213, -3520190, 2070024, -1434491, 1071398, -833076, 662865, -534415, 433826, -353066, 287157, -232824, 187795,
  -150421, 119448, -93884, 72916, -55861, 42131, -31211, 22649, -16046, 11051, -7355, 4692, -2834, 1588, -794, 323,
];

/** 24 to 8 kHz: the centre tap. */
export const downCentreTap = 5592402;

/** 24 to 8 kHz: the taps on one side of the centre that are not zero, nearest first. */
export const downTaps = [
  4622266, 2307268, -1145933, -912150, 642851, 557792, -437317, -392899, 323591, 295935, -250300, -231206, 198559,
  184474, -159813, -148952, 129628, 120999, -105478, -98483, 85813, 80070, -69623, -64872, 56214, 52271, -45084, -41813,
  35857, 33150, -28234, -26007, 21975, 20155, -16875, -15403, 12763, 11584, -9485, -8554, 6908, 6184, -4915, -4362,
  3402, 2988, -2278, -1976, 1465, 1251, -894, -747, 508, 412, -260, -201, 111, 77,
];
