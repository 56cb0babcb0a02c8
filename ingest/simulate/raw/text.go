package raw

import "fmt"

// Layouts of dates and times.
const (
	french        = "02/01/2006"
	frenchMinutes = "02/01/2006 15:04"
	frenchSeconds = "02/01/2006 15:04:05"
	isoMinutes    = "2006-01-02 15:04"
	isoMillis     = "2006-01-02 15:04:05,000"
	apache        = "02/Jan/2006:15:04:05 -0700"
	monthly       = "200601"
)

// uuid is a version 4 UUID made of a number.
func uuid(h uint64) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 0, 36)
	lo := h*0xbf58476d1ce4e5b9 ^ h>>29
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			b = append(b, '-')
		}
		x := h
		if i >= 16 {
			x = lo
		}
		c := digits[x>>(60-4*(i%16))&15]
		switch i {
		case 12:
			c = '4'
		case 16:
			c = "89ab"[x>>60&3]
		}
		b = append(b, c)
	}
	return string(b)
}

// address is an IP address of the documentation blocks (RFC 5737).
func address(h uint64) string {
	return fmt.Sprintf("%s%d", [3]string{"192.0.2.", "198.51.100.", "203.0.113."}[h%3], 1+h>>8%254)
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
