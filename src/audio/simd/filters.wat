;; The two filters of a call, four to eight taps at once. `simd-filters.ts` fills the tables and moves the sound in and out.
;;
;; All arithmetic is exact: a tap of 25 bits is `high * 1024 + low`, both of 16 bits, so that the sum of each half fits 32 bits, and the
;; whole is put together in 64. So the bits are those of the scalar filters, in any order of summation.
;;
;; Memory, in bytes:
;;      0  mu-law code of each PCM16 sample, by the sample + 32768            65,536
;;  65536  PCM16 sample of each mu-law code                                      512
;;  66048  up: 64 high halves of taps, 64 low ones                                256
;;  66304  down, first phase: 64 high, 64 low                                     256
;;  66560  down, second phase: 64 high, 64 low                                    256
;;  66816  the earlier samples of the filter that runs, as it keeps them          512
;;  67328  what comes in: mu-law codes, or PCM16                                3,072
;;  70400  what comes out: PCM16, or mu-law codes                               2,048
;;  72448  window, first phase; of the up filter, the only one                  1,280
;;  73728  window, second phase                                                 1,280
;;  75008  window, centre                                                       1,280
(module
  (memory (export "memory") 2)

  ;; The sum over 64 samples and their taps: lanes 0 and 1 add up to that of the high halves, lanes 2 and 3 to that of the low ones.
  (func $sums (param $samples i32) (param $taps i32) (result v128)
    (local $high v128) (local $low v128) (local $eight v128)
    (local.set $eight (v128.load (local.get $samples)))
    (local.set $high (i32x4.dot_i16x8_s (local.get $eight) (v128.load (local.get $taps))))
    (local.set $low (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=128 (local.get $taps))))
    (local.set $eight (v128.load offset=16 (local.get $samples)))
    (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=16 (local.get $taps)))))
    (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=144 (local.get $taps)))))
    (local.set $eight (v128.load offset=32 (local.get $samples)))
    (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=32 (local.get $taps)))))
    (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=160 (local.get $taps)))))
    (local.set $eight (v128.load offset=48 (local.get $samples)))
    (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=48 (local.get $taps)))))
    (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=176 (local.get $taps)))))
    (local.set $eight (v128.load offset=64 (local.get $samples)))
    (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=64 (local.get $taps)))))
    (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=192 (local.get $taps)))))
    (local.set $eight (v128.load offset=80 (local.get $samples)))
    (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=80 (local.get $taps)))))
    (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=208 (local.get $taps)))))
    (local.set $eight (v128.load offset=96 (local.get $samples)))
    (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=96 (local.get $taps)))))
    (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=224 (local.get $taps)))))
    (local.set $eight (v128.load offset=112 (local.get $samples)))
    (local.set $high (i32x4.add (local.get $high) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=112 (local.get $taps)))))
    (local.set $low (i32x4.add (local.get $low) (i32x4.dot_i16x8_s (local.get $eight) (v128.load offset=240 (local.get $taps)))))
    (i32x4.add
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $high) (local.get $low))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $high) (local.get $low))))

  ;; The sample of an output: the sums and what else counts, divided by 2^24, halves rounded up, clipped to 16 bits.
  (func $sample (param $sums v128) (param $more i64) (result i32)
    (local $rounded i64)
    (local.set $rounded
      (i64.shr_s
        (i64.add
          (i64.add
            (i64.shl
              (i64.extend_i32_s
                (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums))))
              (i64.const 10))
            (i64.extend_i32_s
              (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))
          (i64.add (local.get $more) (i64.const 8388608)))
        (i64.const 24)))
    (if (i64.gt_s (local.get $rounded) (i64.const 32767)) (then (return (i32.const 32767))))
    (if (i64.lt_s (local.get $rounded) (i64.const -32768)) (then (return (i32.const -32768))))
    (i32.wrap_i64 (local.get $rounded)))

  ;; Doubles the rate of `codes` mu-law codes. Earlier samples: 57.
  (func (export "up") (param $codes i32)
    (local $i i32) (local $window i32) (local $out i32)
    (memory.copy (i32.const 72448) (i32.const 66816) (i32.const 114))
    (local.set $i (i32.const 0))
    (block $decoded
      (loop $decode
        (br_if $decoded (i32.ge_u (local.get $i) (local.get $codes)))
        (i32.store16 offset=72562
          (i32.shl (local.get $i) (i32.const 1))
          (i32.load16_u offset=65536 (i32.shl (i32.load8_u offset=67328 (local.get $i)) (i32.const 1))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $decode)))
    (local.set $i (i32.const 0))
    (local.set $window (i32.const 72448))
    (local.set $out (i32.const 70400))
    (block $filtered
      (loop $filter
        (br_if $filtered (i32.ge_u (local.get $i) (local.get $codes)))
        (i32.store16
          (local.get $out)
          (call $sample (call $sums (local.get $window) (i32.const 66048)) (i64.const 0)))
        ;; Every other output is the sample right of the middle, untouched.
        (i32.store16 offset=2 (local.get $out) (i32.load16_u offset=58 (local.get $window)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $window (i32.add (local.get $window) (i32.const 2)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $filter)))
    (memory.copy (i32.const 66816) (local.get $window) (i32.const 114)))

  ;; Makes a mu-law code of each of `triples` of samples. Earlier samples: 57 of each phase, then 28 of the centre's.
  (func (export "down") (param $triples i32) (param $centreTap i32)
    (local $i i32) (local $in i32) (local $place i32)
    (memory.copy (i32.const 72448) (i32.const 66816) (i32.const 114))
    (memory.copy (i32.const 73728) (i32.const 66930) (i32.const 114))
    (memory.copy (i32.const 75008) (i32.const 67044) (i32.const 56))
    (local.set $i (i32.const 0))
    (local.set $in (i32.const 67328))
    (local.set $place (i32.const 0))
    (block $parted
      (loop $part
        (br_if $parted (i32.ge_u (local.get $i) (local.get $triples)))
        (i32.store16 offset=75064 (local.get $place) (i32.load16_u (local.get $in)))
        (i32.store16 offset=72562 (local.get $place) (i32.load16_u offset=2 (local.get $in)))
        (i32.store16 offset=73842 (local.get $place) (i32.load16_u offset=4 (local.get $in)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $in (i32.add (local.get $in) (i32.const 6)))
        (local.set $place (i32.add (local.get $place) (i32.const 2)))
        (br $part)))
    (local.set $i (i32.const 0))
    (local.set $place (i32.const 72448))
    (block $filtered
      (loop $filter
        (br_if $filtered (i32.ge_u (local.get $i) (local.get $triples)))
        (i32.store8 offset=70400
          (local.get $i)
          (i32.load8_u
            (i32.add
              (i32.const 32768)
              (call $sample
                (i32x4.add
                  (call $sums (local.get $place) (i32.const 66304))
                  (call $sums (i32.add (local.get $place) (i32.const 1280)) (i32.const 66560)))
                (i64.mul (i64.load16_s offset=2560 (local.get $place)) (i64.extend_i32_s (local.get $centreTap)))))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $place (i32.add (local.get $place) (i32.const 2)))
        (br $filter)))
    (memory.copy (i32.const 66816) (local.get $place) (i32.const 114))
    (memory.copy (i32.const 66930) (i32.add (local.get $place) (i32.const 1280)) (i32.const 114))
    (memory.copy (i32.const 67044) (i32.add (local.get $place) (i32.const 2560)) (i32.const 56))))
