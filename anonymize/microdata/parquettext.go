package microdata

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// textOf gives the one text of each value of a type (Parquet LogicalTypes.md):
//
//	DATE                       2006-01-02
//	TIMESTAMP without a zone   2006-01-02 15:04:05[.999999999], and INT96
//	TIMESTAMP in UTC           2006-01-02T15:04:05[.999999999]Z
//	TIME                       15:04:05[.999999999]
//	DECIMAL                    digits with all the decimals of its scale
//
// Types whose text is not plain (interval, JSON, BSON) are refused rather than guessed.
func textOf(t parquet.Type) (func([]byte, parquet.Value) []byte, error) {
	unsigned := false
	if l := t.LogicalType(); l != nil && l.Value != nil {
		switch l := l.Value.(type) {
		case *format.DateType:
			return func(b []byte, v parquet.Value) []byte {
				return time.Unix(int64(v.Int32())*86400, 0).UTC().AppendFormat(b, time.DateOnly)
			}, nil
		case *format.TimestampType:
			layout := "2006-01-02 15:04:05.999999999"
			if l.IsAdjustedToUTC {
				layout = "2006-01-02T15:04:05.999999999Z"
			}
			unit := nanoseconds(l.Unit)
			return func(b []byte, v parquet.Value) []byte {
				return instant(v.Int64(), unit).AppendFormat(b, layout)
			}, nil
		case *format.TimeType:
			unit := nanoseconds(l.Unit)
			return func(b []byte, v parquet.Value) []byte {
				n := v.Int64()
				if v.Kind() == parquet.Int32 {
					n = int64(v.Int32())
				}
				return instant(n, unit).AppendFormat(b, "15:04:05.999999999")
			}, nil
		case *format.DecimalType:
			scale := int(l.Scale)
			return func(b []byte, v parquet.Value) []byte { return append(b, decimal(v, scale)...) }, nil
		case *format.NullType: // every value is null
			return func(b []byte, _ parquet.Value) []byte { return b }, nil
		case *format.UUIDType, *format.StringType, *format.EnumType:
		case *format.IntType:
			unsigned = !l.IsSigned
		default:
			return nil, fmt.Errorf("type %s cannot be read as text", t)
		}
	}
	return physical(t, unsigned)
}

// physical is textOf for a type without a logical one.
func physical(t parquet.Type, unsigned bool) (func([]byte, parquet.Value) []byte, error) {
	switch t.Kind() {
	case parquet.Boolean:
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendBool(b, v.Boolean()) }, nil
	case parquet.Int32:
		if unsigned {
			return func(b []byte, v parquet.Value) []byte { return strconv.AppendUint(b, uint64(v.Uint32()), 10) }, nil
		}
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendInt(b, int64(v.Int32()), 10) }, nil
	case parquet.Int64:
		if unsigned {
			return func(b []byte, v parquet.Value) []byte { return strconv.AppendUint(b, v.Uint64(), 10) }, nil
		}
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendInt(b, v.Int64(), 10) }, nil
	case parquet.Int96:
		return func(b []byte, v parquet.Value) []byte {
			return julian(v).AppendFormat(b, "2006-01-02 15:04:05.999999999")
		}, nil
	case parquet.Float:
		return func(b []byte, v parquet.Value) []byte { return appendFloat(b, float64(v.Float()), 32) }, nil
	case parquet.Double:
		return func(b []byte, v parquet.Value) []byte { return appendFloat(b, v.Double(), 64) }, nil
	case parquet.ByteArray:
		return func(b []byte, v parquet.Value) []byte { return append(b, v.ByteArray()...) }, nil
	case parquet.FixedLenByteArray:
		return func(b []byte, v parquet.Value) []byte { return hex.AppendEncode(b, v.ByteArray()) }, nil
	}
	return nil, fmt.Errorf("type %s cannot be read as text", t)
}

// appendFloat writes -0 as 0: they are one number.
func appendFloat(b []byte, x float64, bits int) []byte {
	if x == 0 {
		x = 0
	}
	return strconv.AppendFloat(b, x+0, 'g', -1, bits)
}

// nanoseconds is the length of a unit of time.
func nanoseconds(u format.TimeUnit) int64 {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return 1_000_000
	case *format.MicroSeconds:
		return 1_000
	}
	return 1
}

// instant is n units after 1970, or after midnight.
func instant(n, unit int64) time.Time {
	second := 1_000_000_000 / unit
	seconds := n / second
	if n%second < 0 {
		seconds--
	}
	return time.Unix(seconds, (n-seconds*second)*unit).UTC()
}

// julian is an INT96 timestamp: nanoseconds of the day, then the Julian day
// (parquet-format, deprecated since 2.4; Hive and Impala wrote it).
func julian(v parquet.Value) time.Time {
	const epoch = 2440588 // the Julian day of 1970-01-01
	i := v.Int96()
	nanos := int64(uint64(i[1])<<32 | uint64(i[0]))
	return time.Unix((int64(i[2])-epoch)*86400, nanos).UTC()
}

// decimal is an unscaled integer with its decimal point put in.
func decimal(v parquet.Value, scale int) string {
	var n big.Int
	switch v.Kind() {
	case parquet.Int32:
		n.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		n.SetInt64(v.Int64())
	default: // big endian, two's complement
		bytes := v.ByteArray()
		n.SetBytes(bytes)
		if len(bytes) > 0 && bytes[0]&0x80 != 0 {
			n.Sub(&n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(bytes))))
		}
	}
	text := new(big.Int).Abs(&n).String()
	if scale > 0 {
		if len(text) <= scale {
			text = strings.Repeat("0", scale-len(text)+1) + text
		}
		text = text[:len(text)-scale] + "." + text[len(text)-scale:]
	}
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}
