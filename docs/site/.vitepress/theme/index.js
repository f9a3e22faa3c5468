// The default theme with the system's fonts.
import theme from "vitepress/theme-without-fonts";

export default theme;
