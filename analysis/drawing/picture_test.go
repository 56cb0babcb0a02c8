package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"strconv"
	"strings"
	"testing"
)

// Every colour of a look is one of the palette or six digits, and every dash a number.
func TestLooks(t *testing.T) {
	for _, l := range looks {
		for _, name := range []string{l.fill, l.stroke} {
			c := strings.TrimPrefix(variable(name), "var(--")
			for _, p := range palette {
				if c == p.name+")" {
					c = p.day
				}
			}
			if _, err := strconv.ParseUint(strings.TrimPrefix(c, "#"), 16, 32); name != "" && name != "none" &&
				(err != nil || len(c) != 7) {
				t.Errorf("%q: no colour %q", l.classes, name)
			}
		}
		for dash := range strings.FieldsSeq(l.dash) {
			if _, err := strconv.ParseFloat(dash, 64); err != nil {
				t.Errorf("%q: dash %q", l.classes, dash)
			}
		}
	}
	for _, class := range []string{"series", "series s1", "dot second", "tick on", "value over"} {
		if len(looksOf(class)) < 2 {
			t.Errorf("%q has no look of its own", class)
		}
	}
}

// A picture shows shapes in their colours, texts where they are, and everything hostile.
func TestPNG(t *testing.T) {
	c := Chart{W: 100, H: 50}
	c.Rect(10, 10, 20, 20, "bar")
	c.Line(0, 45.5, 100, 45.5, "ci")
	c.Text(60, 30, "start", "value", "M")
	img := pictured(t, c)
	for _, at := range []struct {
		x, y int
		want string
	}{{40, 40, "#1f4e8c"}, {4, 4, "#ffffff"}, {100, 91, "#161616"}} {
		if got := img.At(at.x, at.y); got != named(at.want) && colourOf(got) != at.want {
			t.Errorf("at %d, %d: %v, want %s", at.x, at.y, got, at.want)
		}
	}
	ink := 0
	for y := 40; y < 62; y++ {
		for x := 120; x < 146; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x5000 {
				ink++
			}
		}
	}
	if ink < 60 {
		t.Errorf("a letter covers %d pixels", ink)
	}
	if _, err := (Chart{W: 1000, H: 1e6}).PNG(2); err == nil {
		t.Error("a picture of 4 thousand million pixels is drawn")
	}
	for name, h := range hostileCharts() {
		if img := pictured(t, h.Draw(false)); img.Bounds().Dx() != 2*WideWidth {
			t.Errorf("%s is %d wide", name, img.Bounds().Dx())
		}
	}
}

func pictured(t *testing.T, c Chart) image.Image {
	t.Helper()
	data, err := c.PNG(2)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func colourOf(c interface{ RGBA() (r, g, b, a uint32) }) string {
	r, g, b, _ := c.RGBA()
	return "#" + strconv.FormatUint(1<<24|uint64(r>>8)<<16|uint64(g>>8)<<8|uint64(b>>8), 16)[1:]
}

// A picture as SVG is XML, whatever its texts hold; what is placed in it grows it.
func TestSVG(t *testing.T) {
	c := Chart{W: 10, H: 10}
	inner := Chart{W: 30, H: 40}
	inner.Text(1, 2, "start", "", `</text><script>"`)
	c.Place(5, 6, inner)
	if c.W != 35 || c.H != 46 {
		t.Errorf("it is %v × %v, want 35 × 46", c.W, c.H)
	}
	data := c.SVG(`<b>&`)
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "script" {
			t.Error("a text became an element")
		}
	}
	if !bytes.Contains(data, []byte(`x="6.0" y="8.0"`)) {
		t.Errorf("the text did not move: %s", c.Markup())
	}
}
