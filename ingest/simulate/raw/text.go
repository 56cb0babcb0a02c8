package raw

import (
	"strconv"
)

func appendInt(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }

// appendTime writes hh:mm:ss.
func appendTime(dst []byte, ms int64) []byte {
	s := int(ms / 1000)
	for i, n := range [3]int{s / 3600, s / 60 % 60, s % 60} {
		if i > 0 {
			dst = append(dst, ':')
		}
		dst = append(dst, byte('0'+n/10), byte('0'+n%10))
	}
	return dst
}

func appendMillis(dst []byte, ms int64) []byte {
	n := ms % 1000
	return append(dst, byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
}

// uuid is a version 4 UUID made of a number.
func uuid(h uint64) string {
	var b [36]byte
	return string(appendUUID(b[:0], h))
}

const hexDigits = "0123456789abcdef"

func appendUUID(dst []byte, h uint64) []byte {
	lo := h*0xbf58476d1ce4e5b9 ^ h>>29
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		x := h
		if i >= 16 {
			x = lo
		}
		c := hexDigits[x>>(60-4*(i%16))&15]
		switch i {
		case 12:
			c = '4'
		case 16:
			c = "89ab"[x>>60&3]
		}
		dst = append(dst, c)
	}
	return dst
}

// appendIP writes an address of the documentation blocks (RFC 5737).
func appendIP(dst []byte, h uint64) []byte {
	dst = append(dst, [3]string{"192.0.2.", "198.51.100.", "203.0.113."}[h%3]...)
	return appendInt(dst, int64(1+h>>8%254))
}

func fourDigits(n int) string {
	s := strconv.Itoa(n)
	for len(s) < 4 {
		s = "0" + s
	}
	return s
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
