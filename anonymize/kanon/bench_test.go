package kanon

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"
)

// cpu is the processor time of this process.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkAdult(b *testing.B) {
	table, hs := adult(b)
	for _, limit := range []float64{0, 0.01, 0.05, 1} {
		b.Run(fmt.Sprintf("limit=%v", limit), func(b *testing.B) {
			p := adultPolicy(hs, limit)
			start := cpu()
			for b.Loop() {
				if _, err := Search(context.Background(), table, p); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpu()-start)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
}
