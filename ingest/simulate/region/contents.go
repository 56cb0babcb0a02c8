package region

import (
	"github.com/entscope/entscope/ingest/simulate/random"
)

// publishContents draws what the schools publish of the children's work: blogs
// in the écoles above all, videos, work books, and the school's news.
func (b *Basin) publishContents() {
	for si := range b.Schools {
		s := &b.Schools[si]
		d := random.New(b.Region.Seed, random.Contents, uint64(s.Number))
		cal := &b.Window.Zones[s.Zone]
		for _, monday := range cal.Monday {
			put := func(class int, kind string, media float64) {
				day, second, shown := monday+d.IntN(5), 8*3600+60*d.IntN(10*60), d.Chance(media)
				if cal.SchoolDay[day] && day >= s.Rollout {
					b.Contents = append(b.Contents, Content{si, class, b.Window.At(day, second), kind, shown})
				}
			}
			if d.Chance(0.5) {
				put(-1, "actualité", 0.3)
			}
			for i := range s.Classes {
				rate := [3]float64{0.20, 0.05, 0.02}[s.Level]
				for range d.Poisson(rate) {
					put(i, [3]string{"blog", "cahier numérique", "vidéo"}[d.IntN(3)], 0.8)
				}
			}
		}
	}
}
