;; What the ear does for each frame, two numbers at a time. `voice-module.ts` makes it, `simd-frame.ts` and `simd-network.ts` move the numbers.
;;
;; Each lane sums up what one sum of the scalar arithmetic does, in its order, so that the figures are the same to the last bit.
;;
;; Memory, in bytes; all of it numbers of 64 bits:
;;     0  what the splits keep: even and odd of the whole, even of both halves, odd of both, even and odd of the lowest            64
;;    64  the last sample that the high-pass gave                                                                                   8
;;    72  the last sample that came in, and the frame behind it                                                                 1,288
;;  1360  the sound that a pitch is looked for in: 58 samples from before, 40 of the frame                                        784
;;  2144  what was found: power, periodicity, tilt, what is left, the powers of the bands                                          80
;;  2224  the products of 25 lags                                                                                                 208
;;  2432  forward: the frame without DC and rumble, then what is left of it, predicted from behind                              1,280
;;  3712  backward: the same, predicted from ahead; at each order it begins a place earlier                                     1,280
;;  4992  the inputs of a network                                                                                               1,024
;;  6016  its weights: the bias of the output and a zero; for each eight units their biases, what each input weighs in them,
;;        and what they weigh in the output                                                                                    59,520
(module
  (memory (export "memory") 1)

  (func (export "measure")
    (local $left f64) (local $order i32) (local $reflection f64)
    (call $split)
    (f64.store offset=2152 (i32.const 0) (call $periodicity))
    (local.set $reflection (call $firstReflection))
    (f64.store offset=2160 (i32.const 0) (local.get $reflection))
    (local.set $left (f64.sub (f64.const 1) (f64.mul (local.get $reflection) (local.get $reflection))))
    (local.set $order (i32.const 2))
    (loop $orders
      (local.set $reflection (call $nextReflection (local.get $order) (local.get $reflection)))
      (local.set $left
        (f64.mul (local.get $left) (f64.sub (f64.const 1) (f64.mul (local.get $reflection) (local.get $reflection)))))
      (local.set $order (i32.add (local.get $order) (i32.const 1)))
      (br_if $orders (i32.le_u (local.get $order) (i32.const 4))))
    (f64.store offset=2168 (i32.const 0) (local.get $left)))

  ;; High-pass, bands, and the sound for the pitch: four samples, then what follows of them. So no filter waits for the end of another.
  (func $split
    (local $at i32) (local $first f64) (local $second f64) (local $third f64) (local $out f64) (local $power f64)
    (local $poles v128) (local $upper v128) (local $lower v128) (local $half v128)
    (local $whole v128) (local $evens v128) (local $odds v128) (local $lowest v128)
    (local $in v128) (local $next v128) (local $swapped v128) (local $ahead v128) (local $behind v128)
    (local $last v128) (local $powers01 v128) (local $powers23 v128) (local $powers4 v128)
    (local.set $poles (v128.const f64x2 0.64 0.17))
    (local.set $upper (v128.const f64x2 0.64 0.64))
    (local.set $lower (v128.const f64x2 0.17 0.17))
    (local.set $whole (v128.load (i32.const 0)))
    (local.set $evens (v128.load (i32.const 16)))
    (local.set $odds (v128.load (i32.const 32)))
    (local.set $lowest (v128.load (i32.const 48)))
    (local.set $out (f64.load (i32.const 64)))
    (loop $fours
      (local.set $first
        (f64.add
          (f64.sub (f64.load offset=80 (local.get $at)) (f64.load offset=72 (local.get $at)))
          (f64.mul (f64.const 0.9) (local.get $out))))
      (local.set $power (f64.add (local.get $power) (f64.mul (local.get $first) (local.get $first))))
      (local.set $second
        (f64.add
          (f64.sub (f64.load offset=88 (local.get $at)) (f64.load offset=80 (local.get $at)))
          (f64.mul (f64.const 0.9) (local.get $first))))
      (local.set $power (f64.add (local.get $power) (f64.mul (local.get $second) (local.get $second))))
      (local.set $third
        (f64.add
          (f64.sub (f64.load offset=96 (local.get $at)) (f64.load offset=88 (local.get $at)))
          (f64.mul (f64.const 0.9) (local.get $second))))
      (local.set $power (f64.add (local.get $power) (f64.mul (local.get $third) (local.get $third))))
      (local.set $out
        (f64.add
          (f64.sub (f64.load offset=104 (local.get $at)) (f64.load offset=96 (local.get $at)))
          (f64.mul (f64.const 0.9) (local.get $third))))
      (local.set $power (f64.add (local.get $power) (f64.mul (local.get $out) (local.get $out))))
      (f64.store offset=1824
        (i32.shr_u (local.get $at) (i32.const 2))
        (f64.mul
          (f64.add
            (f64.add (f64.add (local.get $first) (local.get $second)) (local.get $third))
            (local.get $out))
          (f64.const 0.25)))
      ;; The upper all-pass filter and the lower one, side by side; then their sum and their difference.
      (local.set $in (f64x2.replace_lane 1 (f64x2.splat (local.get $first)) (local.get $second)))
      (v128.store offset=2432 (local.get $at) (local.get $in))
      (v128.store offset=3712 (local.get $at) (local.get $in))
      (local.set $next (f64x2.add (local.get $whole) (f64x2.mul (local.get $poles) (local.get $in))))
      (local.set $whole (f64x2.sub (local.get $in) (f64x2.mul (local.get $poles) (local.get $next))))
      (local.set $swapped
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $next) (local.get $next)))
      (local.set $behind
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
          (f64x2.add (local.get $next) (local.get $swapped))
          (f64x2.sub (local.get $next) (local.get $swapped))))
      (local.set $in (f64x2.replace_lane 1 (f64x2.splat (local.get $third)) (local.get $out)))
      (v128.store offset=2448 (local.get $at) (local.get $in))
      (v128.store offset=3728 (local.get $at) (local.get $in))
      (local.set $next (f64x2.add (local.get $whole) (f64x2.mul (local.get $poles) (local.get $in))))
      (local.set $whole (f64x2.sub (local.get $in) (f64x2.mul (local.get $poles) (local.get $next))))
      (local.set $swapped
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $next) (local.get $next)))
      (local.set $ahead
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
          (f64x2.add (local.get $next) (local.get $swapped))
          (f64x2.sub (local.get $next) (local.get $swapped))))
      ;; Below 2 kHz and above, side by side.
      (local.set $next (f64x2.add (local.get $evens) (f64x2.mul (local.get $upper) (local.get $behind))))
      (local.set $evens (f64x2.sub (local.get $behind) (f64x2.mul (local.get $upper) (local.get $next))))
      (local.set $swapped (f64x2.add (local.get $odds) (f64x2.mul (local.get $lower) (local.get $ahead))))
      (local.set $odds (f64x2.sub (local.get $ahead) (f64x2.mul (local.get $lower) (local.get $swapped))))
      (local.set $half (f64x2.sub (local.get $next) (local.get $swapped)))
      (local.set $powers23 (f64x2.add (local.get $powers23) (f64x2.mul (local.get $half) (local.get $half))))
      (local.set $half (f64x2.add (local.get $next) (local.get $swapped)))
      (local.set $powers4 (f64x2.add (local.get $powers4) (f64x2.mul (local.get $half) (local.get $half))))
      (if (i32.and (local.get $at) (i32.const 32))
        (then
          (local.set $in
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $last) (local.get $half)))
          (local.set $next (f64x2.add (local.get $lowest) (f64x2.mul (local.get $poles) (local.get $in))))
          (local.set $lowest (f64x2.sub (local.get $in) (f64x2.mul (local.get $poles) (local.get $next))))
          (local.set $swapped
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $next) (local.get $next)))
          (local.set $half
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
              (f64x2.add (local.get $next) (local.get $swapped))
              (f64x2.sub (local.get $next) (local.get $swapped))))
          (local.set $powers01
            (f64x2.add (local.get $powers01) (f64x2.mul (local.get $half) (local.get $half))))))
      (local.set $last (local.get $half))
      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (br_if $fours (i32.lt_u (local.get $at) (i32.const 1280))))
    (v128.store (i32.const 0) (local.get $whole))
    (v128.store (i32.const 16) (local.get $evens))
    (v128.store (i32.const 32) (local.get $odds))
    (v128.store (i32.const 48) (local.get $lowest))
    (f64.store (i32.const 64) (local.get $out))
    (f64.store (i32.const 72) (f64.load (i32.const 1352)))
    (f64.store (i32.const 2144) (f64.div (local.get $power) (f64.const 160)))
    ;; The sums of a split are twice its bands: their powers are four times as much after one, and so on.
    (v128.store (i32.const 2176) (f64x2.div (local.get $powers01) (v128.const f64x2 1280 1280)))
    (v128.store (i32.const 2192) (f64x2.div (local.get $powers23) (v128.const f64x2 640 640)))
    (f64.store (i32.const 2208) (f64.div (f64x2.extract_lane 1 (local.get $powers4)) (f64.const 640))))

  ;; How well the last 64 samples repeat what lies 10 to 34 before them.
  (func $periodicity (result f64)
    (local $at i32) (local $sample v128) (local $powers v128) (local $power f64)
    (local $past f64) (local $best f64) (local $product f64)
    ;; The window, and what lies the least lag before it.
    (loop $window
      (local.set $sample
        (v128.load64_lane offset=1552 1 (local.get $at) (v128.load64_zero offset=1632 (local.get $at))))
      (local.set $powers
        (f64x2.add (local.get $powers) (f64x2.mul (local.get $sample) (local.get $sample))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $window (i32.lt_u (local.get $at) (i32.const 512))))
    (local.set $power (f64x2.extract_lane 0 (local.get $powers)))
    (if (f64.lt (local.get $power) (f64.const 64)) (then (return (f64.const 0))))
    (local.set $past (f64x2.extract_lane 1 (local.get $powers)))
    (call $products)
    (local.set $at (i32.const 0))
    (loop $lags
      (local.set $product (f64.load offset=2224 (local.get $at)))
      (if (f64.gt (local.get $product) (f64.const 0))
        (then
          (local.set $best
            (f64.max
              (local.get $best)
              (f64.div
                (f64.mul (local.get $product) (local.get $product))
                (f64.add (local.get $past) (f64.const 1)))))))
      ;; From one lag to the next, what lies before the window begins and ends a sample earlier.
      (local.set $product (f64.load (i32.sub (i32.const 1544) (local.get $at))))
      (local.set $past (f64.add (local.get $past) (f64.mul (local.get $product) (local.get $product))))
      (local.set $product (f64.load (i32.sub (i32.const 2056) (local.get $at))))
      (local.set $past (f64.sub (local.get $past) (f64.mul (local.get $product) (local.get $product))))
      (local.set $past
        (f64x2.extract_lane 0 (f64x2.pmax (v128.const f64x2 0 0) (f64x2.splat (local.get $past)))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $lags (i32.lt_u (local.get $at) (i32.const 200))))
    (f64.min (f64.const 1) (f64.sqrt (f64.div (local.get $best) (local.get $power)))))

  ;; The products of the window with what lies each lag before it, of five lags in one go.
  (func $products
    (local $lag i32) (local $at i32) (local $past i32) (local $two v128) (local $others v128)
    (local $a v128) (local $aa v128) (local $b v128) (local $bb v128) (local $c v128) (local $cc v128)
    (local $d v128) (local $dd v128) (local $e v128) (local $ee v128)
    (loop $lags
      (local.set $a (v128.const f64x2 0 0)) (local.set $aa (v128.const f64x2 0 0))
      (local.set $b (v128.const f64x2 0 0)) (local.set $bb (v128.const f64x2 0 0))
      (local.set $c (v128.const f64x2 0 0)) (local.set $cc (v128.const f64x2 0 0))
      (local.set $d (v128.const f64x2 0 0)) (local.set $dd (v128.const f64x2 0 0))
      (local.set $e (v128.const f64x2 0 0)) (local.set $ee (v128.const f64x2 0 0))
      (local.set $at (i32.const 0))
      ;; Where the greatest of these lags begins.
      (local.set $past (i32.sub (i32.const 1520) (local.get $lag)))
      (loop $window
        (local.set $two (v128.load offset=1632 (local.get $at)))
        (local.set $others (v128.load offset=1648 (local.get $at)))
        (local.set $a (f64x2.add (local.get $a) (f64x2.mul (local.get $two) (v128.load offset=32 (local.get $past)))))
        (local.set $aa (f64x2.add (local.get $aa) (f64x2.mul (local.get $others) (v128.load offset=48 (local.get $past)))))
        (local.set $b (f64x2.add (local.get $b) (f64x2.mul (local.get $two) (v128.load offset=24 (local.get $past)))))
        (local.set $bb (f64x2.add (local.get $bb) (f64x2.mul (local.get $others) (v128.load offset=40 (local.get $past)))))
        (local.set $c (f64x2.add (local.get $c) (f64x2.mul (local.get $two) (v128.load offset=16 (local.get $past)))))
        (local.set $cc (f64x2.add (local.get $cc) (f64x2.mul (local.get $others) (v128.load offset=32 (local.get $past)))))
        (local.set $d (f64x2.add (local.get $d) (f64x2.mul (local.get $two) (v128.load offset=8 (local.get $past)))))
        (local.set $dd (f64x2.add (local.get $dd) (f64x2.mul (local.get $others) (v128.load offset=24 (local.get $past)))))
        (local.set $e (f64x2.add (local.get $e) (f64x2.mul (local.get $two) (v128.load (local.get $past)))))
        (local.set $ee (f64x2.add (local.get $ee) (f64x2.mul (local.get $others) (v128.load offset=16 (local.get $past)))))
        (local.set $past (i32.add (local.get $past) (i32.const 32)))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br_if $window (i32.lt_u (local.get $at) (i32.const 512))))
      (f64.store offset=2224 (local.get $lag) (call $sum (local.get $a) (local.get $aa)))
      (f64.store offset=2232 (local.get $lag) (call $sum (local.get $b) (local.get $bb)))
      (f64.store offset=2240 (local.get $lag) (call $sum (local.get $c) (local.get $cc)))
      (f64.store offset=2248 (local.get $lag) (call $sum (local.get $d) (local.get $dd)))
      (f64.store offset=2256 (local.get $lag) (call $sum (local.get $e) (local.get $ee)))
      (local.set $lag (i32.add (local.get $lag) (i32.const 40)))
      (br_if $lags (i32.lt_u (local.get $lag) (i32.const 200)))))

  (func $sum (param $one v128) (param $other v128) (result f64)
    (f64.add
      (f64.add (f64x2.extract_lane 0 (local.get $one)) (f64x2.extract_lane 1 (local.get $one)))
      (f64.add (f64x2.extract_lane 0 (local.get $other)) (f64x2.extract_lane 1 (local.get $other)))))

  ;; How well the samples of the frame and those before them foresee each other.
  (func $firstReflection (result f64)
    (local $at i32) (local $ahead v128) (local $behind v128) (local $product v128) (local $powers v128)
    (loop $pairs
      (local.set $behind (v128.load offset=2432 (local.get $at)))
      (local.set $ahead (v128.load offset=2440 (local.get $at)))
      (local.set $product
        (f64x2.add (local.get $product) (f64x2.mul (local.get $ahead) (local.get $behind))))
      (local.set $powers
        (f64x2.add
          (local.get $powers)
          (f64x2.add
            (f64x2.mul (local.get $ahead) (local.get $ahead))
            (f64x2.mul (local.get $behind) (local.get $behind)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $at) (i32.const 1264))))
    (call $reflection
      (local.get $product)
      (local.get $powers)
      (f64.load offset=2440 (local.get $at))
      (f64.load offset=2432 (local.get $at))))

  ;; Predicts once more, by the reflection of the order before, and finds how well what is left foresees each other.
  (func $nextReflection (param $order i32) (param $reflection f64) (result f64)
    (local $at i32) (local $shift i32) (local $ahead v128) (local $behind v128) (local $last v128)
    (local $by v128) (local $in v128) (local $product v128) (local $powers v128)
    (local.set $by (f64x2.splat (local.get $reflection)))
    (local.set $at (i32.shl (local.get $order) (i32.const 3)))
    ;; What is left from ahead stands so far further on.
    (local.set $shift (i32.sub (local.get $at) (i32.const 8)))
    (local.set $last
      (f64x2.sub
        (v128.load64_splat (i32.const 3712))
        (f64x2.mul (local.get $by) (v128.load64_splat offset=2432 (local.get $shift)))))
    (v128.store64_lane 0 (i32.const 3712) (local.get $last))
    (loop $pairs
      (local.set $ahead (v128.load offset=2432 (local.get $at)))
      (local.set $in (v128.load offset=3712 (i32.sub (local.get $at) (local.get $shift))))
      (local.set $behind (f64x2.sub (local.get $in) (f64x2.mul (local.get $by) (local.get $ahead))))
      (local.set $ahead (f64x2.sub (local.get $ahead) (f64x2.mul (local.get $by) (local.get $in))))
      (v128.store offset=2432 (local.get $at) (local.get $ahead))
      (v128.store offset=3712 (i32.sub (local.get $at) (local.get $shift)) (local.get $behind))
      (local.set $in
        (i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 (local.get $last) (local.get $behind)))
      (local.set $last (local.get $behind))
      (local.set $product (f64x2.add (local.get $product) (f64x2.mul (local.get $ahead) (local.get $in))))
      (local.set $powers
        (f64x2.add
          (local.get $powers)
          (f64x2.add
            (f64x2.mul (local.get $ahead) (local.get $ahead))
            (f64x2.mul (local.get $in) (local.get $in)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $pairs (i32.le_u (local.get $at) (i32.const 1264))))
    (if (i32.eq (local.get $at) (i32.const 1280))
      (then (return (call $reflection (local.get $product) (local.get $powers) (f64.const 0) (f64.const 0)))))
    (f64.store offset=2432
      (local.get $at)
      (f64.sub
        (f64.load offset=2432 (local.get $at))
        (f64.mul (local.get $reflection) (f64.load offset=3712 (i32.sub (local.get $at) (local.get $shift))))))
    (call $reflection
      (local.get $product)
      (local.get $powers)
      (f64.load offset=2432 (local.get $at))
      (f64x2.extract_lane 1 (local.get $last))))

  ;; The reflection of these sums and of a last pair that is summed up with the even ones.
  (func $reflection (param $product v128) (param $powers v128) (param $ahead f64) (param $behind f64) (result f64)
    (local $both f64) (local $power f64)
    (local.set $both
      (f64.add
        (f64.add (f64x2.extract_lane 0 (local.get $product)) (f64.mul (local.get $ahead) (local.get $behind)))
        (f64x2.extract_lane 1 (local.get $product))))
    (local.set $power
      (f64.add
        (f64.add
          (f64x2.extract_lane 0 (local.get $powers))
          (f64.add
            (f64.mul (local.get $ahead) (local.get $ahead))
            (f64.mul (local.get $behind) (local.get $behind))))
        (f64x2.extract_lane 1 (local.get $powers))))
    (if (f64.gt (local.get $power) (f64.const 0))
      (then (return (f64.div (f64.mul (f64.const 2) (local.get $both)) (local.get $power)))))
    (f64.const 0))

  ;; What a network says of so many inputs, with so many groups of eight units.
  (func (export "score") (param $inputs i32) (param $groups i32) (result f64)
    (local $score f64) (local $weights i32) (local $at i32) (local $end i32) (local $input v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $score (f64.load (i32.const 6016)))
    (local.set $weights (i32.const 6032))
    (local.set $end (i32.shl (local.get $inputs) (i32.const 3)))
    (loop $eights
      (local.set $a (v128.load (local.get $weights)))
      (local.set $b (v128.load offset=16 (local.get $weights)))
      (local.set $c (v128.load offset=32 (local.get $weights)))
      (local.set $d (v128.load offset=48 (local.get $weights)))
      (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
      (local.set $at (i32.const 0))
      (loop $each
        (local.set $input (v128.load64_splat offset=4992 (local.get $at)))
        (local.set $a (f64x2.add (local.get $a) (f64x2.mul (v128.load (local.get $weights)) (local.get $input))))
        (local.set $b (f64x2.add (local.get $b) (f64x2.mul (v128.load offset=16 (local.get $weights)) (local.get $input))))
        (local.set $c (f64x2.add (local.get $c) (f64x2.mul (v128.load offset=32 (local.get $weights)) (local.get $input))))
        (local.set $d (f64x2.add (local.get $d) (f64x2.mul (v128.load offset=48 (local.get $weights)) (local.get $input))))
        (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br_if $each (i32.lt_u (local.get $at) (local.get $end))))
      (local.set $score (call $add (local.get $score) (local.get $a) (v128.load (local.get $weights))))
      (local.set $score (call $add (local.get $score) (local.get $b) (v128.load offset=16 (local.get $weights))))
      (local.set $score (call $add (local.get $score) (local.get $c) (v128.load offset=32 (local.get $weights))))
      (local.set $score (call $add (local.get $score) (local.get $d) (v128.load offset=48 (local.get $weights))))
      (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
      (local.set $groups (i32.sub (local.get $groups) (i32.const 1)))
      (br_if $eights (local.get $groups)))
    (local.get $score))

  ;; Adds what two units weigh in the output, as far as they are positive.
  (func $add (param $score f64) (param $units v128) (param $output v128) (result f64)
    (local.set $units
      (v128.and
        (f64x2.gt (local.get $units) (v128.const f64x2 0 0))
        (f64x2.mul (local.get $units) (local.get $output))))
    (f64.add
      (f64.add (local.get $score) (f64x2.extract_lane 0 (local.get $units)))
      (f64x2.extract_lane 1 (local.get $units)))))
